// Pages without a build step: section navigation (offline file), language, filters, charts, explain trees.
(function () {
  'use strict';
  var root = document.documentElement;
  var all = function (selector, inside) {
    return Array.prototype.slice.call((inside || document).querySelectorAll(selector));
  };
  var sections = all('section.page');
  var offline = sections.length > 1;
  root.classList.add('js');

  // the entry that is open stands within sight where a menu is wider than the screen
  all('nav [aria-current]').forEach(function (entry) {
    var row = entry.parentElement,
      beside = entry.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollLeft += beside - (row.clientWidth - entry.offsetWidth) / 2;
  });

  function language() {
    return root.getAttribute('data-lang') === 'en' ? 'en' : 'zh';
  }
  function remember(lang) {
    try {
      localStorage.setItem('hengtan-language', lang);
    } catch (e) {
      /* no storage for local files in some browsers */
    }
  }
  function remembered() {
    try {
      return localStorage.getItem('hengtan-language');
    } catch (e) {
      return null;
    }
  }
  function speak(lang) {
    root.setAttribute('data-lang', lang);
    root.setAttribute('lang', lang === 'en' ? 'en' : 'zh-CN');
    all('option[data-' + lang + ']').forEach(function (o) {
      o.textContent = o.getAttribute('data-' + lang);
    });
    draw();
  }

  // a figure on a phone: its title in lines, no numbers in cells that cannot hold them, names of a
  // flow in lines with room between them
  var NARROW = 600,
    WIDE_EM = 1,
    THIN_EM = 0.55,
    LINE = 1.35,
    BAR = 110;
  var NODE = { size: 10, ems: 6.5, side: 8 };
  function lines(text, ems) {
    var broken = [''],
      used = 0;
    (text.match(/[!-~]+\s*|\s+|[^!-~\s][）」，。；]*/g) || []).forEach(function (piece) {
      var size = 0;
      piece.split('').forEach(function (letter) {
        size += letter < '\u0100' ? THIN_EM : WIDE_EM;
      });
      if (used && used + size > ems) {
        broken.push('');
        used = 0;
      }
      broken[broken.length - 1] += piece;
      used += size;
    });
    return broken;
  }
  function spread(trace, shape) {
    var names = trace.node.label.map(function (name) {
      return lines(name, NODE.ems);
    });
    var most = Math.max.apply(
      null,
      names.map(function (name) {
        return name.length;
      })
    );
    trace.textfont = { size: NODE.size };
    trace.node.label = names.map(function (name) {
      return name.join('<br>');
    });
    trace.node.pad = (most + 0.5) * NODE.size * LINE;
    shape.margin.l = shape.margin.r = NODE.side;
    shape.height += names.length * NODE.size;
  }
  function fitted(figure, width) {
    var shape = figure.layout,
      title = shape.title;
    if (!width || width >= NARROW || !title || !title.font) {
      return figure;
    }
    var broken = lines(title.text, (width - 20) / title.font.size);
    var more = (broken.length - 1) * title.font.size * LINE;
    title.text = broken.join('<br>');
    if (broken.length > 1) {
      Object.assign(title, { y: 1, yref: 'container', yanchor: 'top', pad: { t: 12 } });
    }
    shape.margin.t += more;
    shape.height += more;
    figure.data.forEach(function (trace) {
      if (trace.type === 'sankey') {
        spread(trace, shape);
      }
      if (trace.type !== 'heatmap') {
        return;
      }
      trace.texttemplate = '';
      Object.assign(trace.colorbar, { orientation: 'h', y: -0.05, yanchor: 'top', tickangle: 45 });
      shape.xaxis.dtick = 5;
      shape.margin.b += BAR;
      shape.height += BAR;
    });
    return figure;
  }

  function draw() {
    if (!window.Plotly) {
      return;
    }
    all('.chart').forEach(function (box) {
      var section = box.closest('section.page');
      if (section && !section.classList.contains('current')) {
        return;
      }
      var given =
        box.querySelector('script[data-figure="' + language() + '"]') ||
        box.querySelector('script[data-figure]');
      if (!given || box.getAttribute('data-drawn') === given.getAttribute('data-figure')) {
        return;
      }
      var place = box.querySelector('.plot');
      if (!place) {
        place = document.createElement('div');
        place.className = 'plot';
        box.appendChild(place);
      }
      var figure = fitted(JSON.parse(given.textContent), place.clientWidth);
      window.Plotly.react(place, figure.data, figure.layout, {
        displaylogo: false,
        displayModeBar: false,
        responsive: true,
        showTips: false,
      });
      box.setAttribute('data-drawn', given.getAttribute('data-figure'));
    });
  }

  function show() {
    if (!offline) {
      draw();
      return;
    }
    var wanted = decodeURIComponent(location.hash.replace(/^#/, '')) || 'overview';
    if (wanted === 'main') {
      return;
    }
    var found =
      sections.filter(function (s) {
        return s.getAttribute('data-page') === wanted;
      })[0] || sections[0];
    sections.forEach(function (s) {
      s.classList.toggle('current', s === found);
    });
    var family = found.getAttribute('data-page').split('/')[0].replace('targets', 'overview');
    all('nav [data-nav]').forEach(function (a) {
      if (a.getAttribute('data-nav') === family) {
        a.setAttribute('aria-current', 'page');
      } else {
        a.removeAttribute('aria-current');
      }
    });
    window.scrollTo(0, 0);
    draw();
  }

  all('[data-switch-language]').forEach(function (button) {
    button.addEventListener('click', function () {
      var next = language() === 'en' ? 'zh' : 'en';
      remember(next);
      speak(next);
    });
  });

  all('[data-filter]').forEach(function (form) {
    var page = form.closest('section.page') || document;
    var lights = all('[data-light]', form),
      plan = form.querySelector('[data-plan]'),
      state = form.querySelector('[data-state]');
    var search = form.querySelector('[data-search]'),
      shown = form.querySelector('[data-shown]'),
      none = page.querySelector('[data-none]');
    function apply() {
      var wanted = lights
        .filter(function (b) {
          return b.getAttribute('aria-pressed') === 'true';
        })
        .map(function (b) {
          return b.getAttribute('data-light');
        });
      var words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      all('[data-row]', page).forEach(function (row) {
        var text = row.getAttribute('data-text');
        var visible =
          (!wanted.length || wanted.indexOf(row.getAttribute('data-light')) >= 0) &&
          (!plan.value || row.getAttribute('data-plan') === plan.value) &&
          (!state.value || row.getAttribute('data-state') === state.value) &&
          words.every(function (w) {
            return text.indexOf(w) >= 0;
          });
        row.hidden = !visible;
        if (visible) {
          count += 1;
        }
      });
      all('[data-group]', page).forEach(function (group) {
        group.hidden = !group.querySelector('[data-row]:not([hidden])');
      });
      var asked = wanted.length || words.length || plan.value || state.value;
      all('[data-others]', page).forEach(function (others) {
        if (asked && others.querySelector('[data-row]:not([hidden])')) {
          others.open = true;
        }
      });
      shown.textContent = count;
      none.hidden = count > 0;
    }
    lights.forEach(function (button) {
      button.addEventListener('click', function () {
        button.setAttribute(
          'aria-pressed',
          button.getAttribute('aria-pressed') === 'true' ? 'false' : 'true'
        );
        apply();
      });
    });
    [plan, state].forEach(function (field) {
      field.addEventListener('change', apply);
    });
    search.addEventListener('input', apply);
    form.addEventListener('submit', function (event) {
      event.preventDefault();
    });
    form.addEventListener('reset', function () {
      lights.forEach(function (b) {
        b.setAttribute('aria-pressed', 'false');
      });
      setTimeout(apply, 0);
    });
  });

  all('[data-quick]').forEach(function (field) {
    var page = field.closest('section.page') || document;
    field.addEventListener('input', function () {
      var words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      all('[data-find]', page).forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (w) {
          return text.indexOf(w) >= 0;
        });
      });
      all('[data-part]', page).forEach(function (part) {
        part.hidden = !part.querySelector('[data-find]:not([hidden])');
      });
    });
    // the filter may stand in the address: ?find=words
    var wanted = new URLSearchParams(location.search).get('find');
    if (wanted) {
      field.value = wanted;
      field.dispatchEvent(new Event('input'));
    }
  });

  [
    ['[data-open]', true],
    ['[data-close]', false],
  ].forEach(function (pair) {
    all(pair[0]).forEach(function (button) {
      button.addEventListener('click', function () {
        var tree = button.parentElement.nextElementSibling;
        all('details', tree).forEach(function (d) {
          d.open = pair[1];
        });
      });
    });
  });

  // what scrolls by itself can be scrolled with the keyboard
  function reachable() {
    all(
      'nav.wrap, .scroll, .tiled, .grid-scroll, .outcomes, .paper, .hand, .beside, .dt-matrix, .entrybox ul'
    ).forEach(function (box) {
      var scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (scrolls && !box.hasAttribute('tabindex')) {
        box.tabIndex = 0;
        box.setAttribute('data-reached', '');
      }
      if (!scrolls && box.hasAttribute('data-reached')) {
        box.removeAttribute('tabindex');
        box.removeAttribute('data-reached');
      }
    });
  }
  window.addEventListener('load', reachable);
  window.addEventListener('resize', reachable);
  document.addEventListener('htmx:afterSettle', reachable);

  // a page that takes more than a moment says that it is being worked out
  all('.busy').forEach(function (note) {
    var waiting = null;
    function stop() {
      clearTimeout(waiting);
      note.hidden = true;
    }
    function start() {
      waiting = setTimeout(function () {
        note.hidden = false;
      }, 300);
    }
    document.addEventListener('click', function (event) {
      var link = event.target.closest && event.target.closest('a[href]');
      var plain =
        event.button === 0 &&
        !event.metaKey &&
        !event.ctrlKey &&
        !event.shiftKey &&
        !event.defaultPrevented;
      if (!link || !plain || link.target || link.hasAttribute('download')) {
        return;
      }
      if (link.host === location.host && link.getAttribute('href').charAt(0) !== '#') {
        start();
      }
    });
    document.addEventListener('submit', function (event) {
      if (!event.defaultPrevented) {
        start();
      }
    });
    window.addEventListener('pagehide', stop);
    window.addEventListener('pageshow', stop);
  });

  // what is shown can be taken along: charts as tables, CSV and pictures, tables as CSV
  var spoken = document.querySelector('[data-words]');
  function say(key) {
    return (spoken && spoken.getAttribute('data-' + key)) || key;
  }
  function element(tag, name, text) {
    var made = document.createElement(tag);
    if (name) {
      made.className = name;
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }
  function cell(value) {
    return value === null || value === undefined ? '' : String(value);
  }
  function csv(rows) {
    return (
      '\ufeff' +
      rows
        .map(function (row) {
          return row
            .map(function (value) {
              var text = cell(value);
              if (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && isNaN(Number(text)))) {
                text = "'" + text;
              }
              return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
            })
            .join(',');
        })
        .join('\n') +
      '\n'
    );
  }
  function save(name, text) {
    var link = element('a'),
      address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
    link.href = address;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () {
      URL.revokeObjectURL(address);
    }, 1000);
  }
  function slug(text) {
    return (text || 'hengtan')
      .trim()
      .replace(/[\s\/\\:*?"<>|]+/g, '-')
      .slice(0, 60);
  }
  function heading(node) {
    for (var at = node; at; at = at.previousElementSibling || at.parentElement) {
      if (/^H[1-4]$/.test(at.tagName)) {
        return at.textContent;
      }
    }
    return document.title;
  }
  function button(text, act) {
    var made = element('button', 'plainly', text);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  }

  // rows of a chart: what stands on its axis, and a column for each of its series
  function rowsOf(figure) {
    var marks = [],
      columns = [];
    figure.data.forEach(function (trace, n) {
      var lying = trace.orientation === 'h',
        at = lying ? trace.y : trace.x,
        values = lying ? trace.x : trace.y;
      if (!Array.isArray(at) || !Array.isArray(values)) {
        return;
      }
      var column = {
        name: trace.name || say('value') + (figure.data.length > 1 ? ' ' + (n + 1) : ''),
        at: {},
      };
      at.forEach(function (mark, place) {
        var key = cell(mark);
        if (marks.indexOf(key) < 0) {
          marks.push(key);
        }
        column.at[key] =
          key in column.at ? column.at[key] + '; ' + cell(values[place]) : values[place];
      });
      columns.push(column);
    });
    if (
      marks.every(function (mark) {
        return mark !== '' && !isNaN(Number(mark));
      })
    ) {
      marks.sort(function (a, b) {
        return Number(a) - Number(b);
      });
    }
    var head = [''].concat(
      columns.map(function (column) {
        return column.name;
      })
    );
    return [head].concat(
      marks.map(function (mark) {
        return [mark].concat(
          columns.map(function (column) {
            return mark in column.at ? column.at[mark] : '';
          })
        );
      })
    );
  }
  function tableOf(rows) {
    var table = element('table', 'plain'),
      head = element('thead'),
      body = element('tbody'),
      top = element('tr');
    rows[0].forEach(function (text, n) {
      var th = element('th', n ? 'r' : '', text || say('axis'));
      th.setAttribute('scope', 'col');
      top.appendChild(th);
    });
    head.appendChild(top);
    rows.slice(1).forEach(function (row) {
      var line = element('tr');
      row.forEach(function (value, n) {
        var shown =
          typeof value === 'number'
            ? value.toLocaleString(undefined, { maximumFractionDigits: 4 })
            : cell(value);
        line.appendChild(element(n ? 'td' : 'th', n ? 'r num' : 'num', shown));
        if (!n) {
          line.firstChild.setAttribute('scope', 'row');
        }
      });
      body.appendChild(line);
    });
    table.appendChild(head);
    table.appendChild(body);
    return table;
  }
  function figureOf(box) {
    var text =
      box.querySelector('script[data-figure="' + language() + '"]') ||
      box.querySelector('script[data-figure]');
    return text ? JSON.parse(text.textContent) : null;
  }
  function pictureOf(box, form, name) {
    var plot = box.querySelector('.plot');
    if (window.Plotly && plot) {
      window.Plotly.downloadImage(plot, {
        format: form,
        filename: name,
        width: 1200,
        height: 600,
        scale: form === 'png' ? 2 : 1,
      });
    }
  }
  all('.chart').forEach(function (box) {
    var figure = figureOf(box);
    if (!figure || !figure.data) {
      return;
    }
    var rows = rowsOf(figure),
      name = slug(heading(box)),
      row = element('div', 'take');
    if (rows.length > 1) {
      var details = element('details'),
        scroll = element('div', 'scroll');
      details.appendChild(element('summary', '', say('table')));
      scroll.tabIndex = 0;
      scroll.appendChild(tableOf(rows));
      details.appendChild(scroll);
      row.appendChild(details);
      row.appendChild(
        button('CSV', function () {
          save(name + '.csv', csv(rowsOf(figureOf(box))));
        })
      );
    }
    ['png', 'svg'].forEach(function (form) {
      row.appendChild(
        button(form.toUpperCase(), function () {
          pictureOf(box, form, name);
        })
      );
    });
    box.insertAdjacentElement('afterend', row);
  });
  all('main table').forEach(function (table) {
    if (
      table.closest('.take, details, .mosaic') ||
      table.classList.contains('mosaic') ||
      !table.tHead ||
      table.rows.length < 3
    ) {
      return;
    }
    var row = element('div', 'take');
    row.appendChild(
      button(say('table') + ' CSV', function () {
        var rows = all('tr', table)
          .filter(function (line) {
            return !line.hidden;
          })
          .map(function (line) {
            return all('th, td', line).map(function (part) {
              return part.innerText.replace(/\s+/g, ' ').trim();
            });
          });
        save(slug(heading(table)) + '.csv', csv(rows));
      })
    );
    (table.closest('.scroll') || table).insertAdjacentElement('afterend', row);
  });

  // one A4 page: the page is set as wide as the paper and made smaller until it stands on it
  var PAPER = { width: 190, height: 258, chart: 240 };
  function heights(pixels) {
    if (!window.Plotly) {
      return Promise.resolve();
    }
    return Promise.all(
      all('.chart').map(function (box) {
        var plot = box.querySelector('.plot'),
          figure = figureOf(box);
        return (
          plot &&
          figure &&
          window.Plotly.relayout(plot, {
            height: pixels || figure.layout.height,
            width: pixels ? plot.clientWidth : null,
            autosize: true,
          })
        );
      })
    );
  }
  // what is an annex follows on sheets of its own
  function onOnePage() {
    root.classList.add('one', 'measured');
    document.body.style.zoom = 1;
    draw();
    heights(PAPER.chart);
    var pixels = 96 / 25.4,
      room = PAPER.height * pixels;
    for (
      var zoom = 1, tries = 0;
      tries < 12 && document.body.scrollHeight * zoom > room;
      tries += 1
    ) {
      zoom = Math.min(zoom * 0.97, room / document.body.scrollHeight);
      document.body.style.width = (PAPER.width * pixels) / zoom + 'px';
    }
    document.body.style.zoom = zoom;
    root.classList.remove('measured');
    return heights(PAPER.chart).then(function () {
      root.classList.add('fitted');
    });
  }
  function asBefore() {
    root.classList.remove('one', 'fitted');
    document.body.style.zoom = document.body.style.width = '';
    heights(null);
  }
  all('[data-print-one]').forEach(function (press) {
    press.addEventListener('click', function () {
      window.addEventListener('afterprint', asBefore, { once: true });
      onOnePage().then(function () {
        window.print();
      });
    });
  });

  // on paper a chart is made smaller as a whole, with nothing cut off
  window.addEventListener('beforeprint', function () {
    all('.chart .main-svg').forEach(function (drawn) {
      var width = drawn.getAttribute('width'),
        height = drawn.getAttribute('height');
      drawn.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
      drawn.parentNode.style.aspectRatio = width + ' / ' + height;
    });
  });
  window.addEventListener('afterprint', function () {
    all('.chart .main-svg').forEach(function (drawn) {
      drawn.removeAttribute('viewBox');
      drawn.parentNode.style.aspectRatio = '';
    });
  });

  window.addEventListener('hashchange', show);
  if (offline && remembered() === 'en') {
    speak('en');
  }
  show();
  if (new URLSearchParams(location.search).get('print') === 'one') {
    onOnePage();
  }
})();
