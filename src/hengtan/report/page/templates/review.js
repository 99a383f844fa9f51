// The review page: a decision is sent without leaving the page; document and cards follow each other; keys j k a r e.
(function () {
  'use strict';
  var form = document.querySelector('[data-review]');
  if (!form) {
    return;
  }
  var all = function (selector, inside) {
    return Array.prototype.slice.call((inside || document).querySelectorAll(selector));
  };
  var paper = form.querySelector('[data-paper]'),
    cards = form.querySelector('[data-cards]'),
    tally = form.querySelector('[data-tally]');
  var fault = document.querySelector('[data-error]'),
    who = form.querySelector('input[name=by]'),
    show = 'all',
    held = null;

  try {
    if (who && localStorage.getItem('hengtan-reviewer')) {
      who.value = localStorage.getItem('hengtan-reviewer');
    }
  } catch (e) {
    /* no storage */
  }

  function card(id) {
    return form.querySelector('[data-target="' + id + '"]');
  }
  function marks(id) {
    return all('mark', paper).filter(function (m) {
      return m.getAttribute('data-of').split(' ').indexOf(id) >= 0;
    });
  }

  function hold(id, from) {
    held = id;
    all('.held').forEach(function (x) {
      x.classList.remove('held');
    });
    var chosen = card(id);
    if (!chosen) {
      return;
    }
    chosen.classList.add('held');
    marks(id).forEach(function (m, i) {
      m.classList.add('held');
      if (i === 0 && from !== 'paper') {
        paper.scrollTo({
          top: m.offsetTop - paper.offsetTop - paper.clientHeight / 3,
          behavior: 'smooth',
        });
      }
    });
    if (from !== 'card') {
      cards.scrollTo({ top: chosen.offsetTop - cards.offsetTop - 8, behavior: 'smooth' });
      chosen.focus({ preventScroll: true });
    }
  }

  function visible(c) {
    var state = c.getAttribute('data-state');
    return (
      show === 'all' ||
      (show === 'open' && state === 'open') ||
      (show === 'decided' && state !== 'open') ||
      (show === 'doubt' && c.getAttribute('data-doubt') === 'yes')
    );
  }
  function apply() {
    all('article.card', cards).forEach(function (c) {
      c.hidden = !visible(c);
    });
  }

  function complain(text) {
    fault.textContent = text;
    fault.hidden = !text;
    if (text) {
      fault.scrollIntoView({ block: 'nearest' });
    }
  }

  function send(what) {
    var parts = what.split(' '),
      body = new URLSearchParams();
    ['token', 'head', 'by', 'note'].forEach(function (n) {
      var field = form.querySelector('[name=' + n + ']');
      if (field) {
        body.set(n, field.value);
      }
    });
    body.set('do', what);
    all('[name^="' + parts[1] + '."]', form).forEach(function (field) {
      body.set(field.name, field.value);
    });
    if (who) {
      try {
        localStorage.setItem('hengtan-reviewer', who.value);
      } catch (e) {
        /* no storage */
      }
    }
    if (
      parts[0] === 'issue' ||
      parts[0] === 'accept_sure' ||
      parts[0] === 'add' ||
      parts[0] === 'withdraw'
    ) {
      return submit(what);
    }
    complain('');
    return fetch(form.action, {
      method: 'POST',
      body: body,
      headers: { Accept: 'application/json' },
      credentials: 'same-origin',
    })
      .then(function (answer) {
        return answer.json().then(function (said) {
          return { ok: answer.ok, said: said };
        });
      })
      .then(function (got) {
        if (!got.ok) {
          complain(got.said.text);
          return;
        }
        form.querySelector('[name=head]').value = got.said.head;
        var note = form.querySelector('[name=note]');
        if (note) {
          note.value = '';
        }
        var old = card(parts[1]);
        if (old.hasAttribute('data-item')) {
          old.outerHTML = got.said.card;
          return;
        }
        var next = following(old, 1);
        old.outerHTML = got.said.card;
        tally.innerHTML = got.said.tally;
        marks(parts[1]).forEach(function (m) {
          m.className = 'v-' + got.said.state;
        });
        apply();
        hold(parts[0] === 'reopen' || !next ? parts[1] : next.getAttribute('data-target'));
      })
      .catch(function (e) {
        complain(String(e));
      });
  }

  function scope(what) {
    return what.split(' ')[1] + '.';
  }

  function submit(what) {
    all('[name*="."]', form).forEach(function (other) {
      other.disabled = other.name.indexOf(scope(what)) !== 0;
    });
    var field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'do';
    field.value = what;
    form.appendChild(field);
    form.submit();
  }

  function following(from, step) {
    var list = all('article.card', cards).filter(function (c) {
      return !c.hidden;
    });
    return list[list.indexOf(from) + step] || null;
  }

  form.addEventListener('submit', function (event) {
    var button = event.submitter;
    if (!button || button.name !== 'do') {
      event.preventDefault();
      return;
    }
    event.preventDefault();
    send(button.value);
  });
  form.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && event.target.tagName === 'INPUT') {
      event.preventDefault();
    }
  });
  cards.addEventListener('click', function (event) {
    var quote = event.target.closest('[data-quote]'),
      chosen = event.target.closest('article.card');
    if (quote) {
      event.preventDefault();
    }
    if (chosen && !event.target.closest('button, input, select, summary')) {
      hold(chosen.getAttribute('data-target'), 'card');
    }
  });
  paper.addEventListener('click', function (event) {
    var mark = event.target.closest('mark');
    if (mark) {
      hold(mark.getAttribute('data-of').split(' ')[0], 'paper');
    }
  });
  document.addEventListener('selectionchange', function () {
    var said = String(document.getSelection()).trim();
    if (!said || said.length > 200 || !paper.contains(document.getSelection().anchorNode)) {
      return;
    }
    all('details[open] [data-selected]').forEach(function (field) {
      field.value = said;
    });
  });
  all('[data-show]').forEach(function (button) {
    button.addEventListener('click', function () {
      show = button.getAttribute('data-show');
      all('[data-show]').forEach(function (b) {
        b.setAttribute('aria-pressed', b === button ? 'true' : 'false');
      });
      apply();
    });
  });
  document.addEventListener('keydown', function (event) {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)
    ) {
      return;
    }
    var here = held && card(held),
      list = all('article.card', cards).filter(function (c) {
        return !c.hidden;
      });
    if (event.key === 'j' || event.key === 'k') {
      var next = here ? following(here, event.key === 'j' ? 1 : -1) : list[0];
      if (next) {
        hold(next.getAttribute('data-target'));
      }
    } else if (here && event.key === 'a' && here.querySelector('.yes[value^=accept]')) {
      send('accept ' + held);
    } else if (here && event.key === 'r' && here.querySelector('.no')) {
      send('reject ' + held);
    } else if (here && event.key === 'e' && here.querySelector('details.edit')) {
      here.querySelector('details.edit').open = true;
      event.preventDefault();
      here.querySelector('details.edit input').focus();
    }
  });
  var wanted = location.hash.match(/^#t-(.+)$/);
  if (wanted) {
    hold(decodeURIComponent(wanted[1]));
  }
})();
