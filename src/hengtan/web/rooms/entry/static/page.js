// The page of a grid: drafts are saved as they are typed, rows are checked by the server, two editors see each other,
// comments and follow-up marks stand on cells, and what is sound is handed in once.
(function () {
  'use strict';
  var page = document.querySelector('[data-entry]'),
    source = document.getElementById('entry-state');
  if (!page || !source || !window.HengtanGrid) {
    return;
  }
  var state = JSON.parse(source.textContent),
    say = state.words,
    el = window.HengtanGrid.el,
    english = state.lang === 'en';
  var part = function (name) {
    return page.querySelector('[data-' + name + ']');
  };
  var text = function (pair) {
    return english ? pair[1] || pair[0] : pair[0];
  };
  var head = state.typed.head,
    sheet = state.typed.sheet,
    version = state.version,
    notes = state.notes,
    checked = null;
  var toRow = function (line) {
    return { id: line[0], cells: line.slice(1) };
  };

  function line(number) {
    return say.line.replace('{}', number);
  }
  function edition(number) {
    return say.version.replace('{}', number);
  }
  var widths = {
    place: 92,
    reference: 148,
    text: 128,
    code: 176,
    period: 112,
    quantity: 104,
    number: 104,
    integer: 84,
    unit: 92,
    choice: 96,
  };

  function columns() {
    var titles = head[head.length - 1];
    return titles.map(function (title, n) {
      var about = state.columns[state.fields[n]] || null;
      if (!about) {
        return {
          title: title || say.column + ' ' + (n + 1),
          note: say.extra,
          offer: state.writable
            ? function () {
                return offer(n);
              }
            : null,
        };
      }
      var shown = english ? about.title[1] + (about.required ? '*' : '') : title;
      return {
        id: about.id,
        title: shown,
        note: text(about.note),
        required: about.required,
        key: about.key,
        unit: about.unit || '',
        list: about.listed ? 'choices-' + about.id : '',
        width: widths[about.type],
      };
    });
  }

  // columns that are no field: read as one, or deleted; fields that have no column
  function lacking() {
    return Object.keys(state.columns).filter(function (id) {
      return state.fields.indexOf(id) < 0;
    });
  }
  function offer(n) {
    var box = el('select', { 'aria-label': say.as });
    box.appendChild(el('option', { value: '' }, say.as));
    lacking().forEach(function (id) {
      box.appendChild(el('option', { value: id }, text(state.columns[id].title)));
    });
    box.appendChild(el('option', { value: '-' }, say.drop));
    box.addEventListener('change', function () {
      if (box.value === '-') {
        reshape(
          function (cells) {
            return cells.filter(function (_, at) {
              return at !== n;
            });
          },
          function (fields) {
            fields.splice(n, 1);
          }
        );
      } else if (box.value) {
        head[head.length - 1] = head[head.length - 1].map(function (title, at) {
          return at === n ? state.columns[box.value].title[0] : title;
        });
        reshape(
          function (cells) {
            return cells;
          },
          function (fields) {
            fields[n] = box.value;
          }
        );
      }
    });
    return box;
  }
  function reshape(line, fields) {
    head = head.map(line);
    fields(state.fields);
    begin(
      grid.rows.map(function (row) {
        return { id: row.id, cells: line(row.cells) };
      })
    );
    changed();
  }
  function listLacking() {
    var box = part('column-add');
    while (box.options.length > 1) {
      box.remove(1);
    }
    lacking().forEach(function (id) {
      box.appendChild(el('option', { value: id }, text(state.columns[id].title)));
    });
    box.hidden = box.options.length < 2 || !state.writable;
  }
  part('column-add').addEventListener('change', function () {
    var id = part('column-add').value;
    if (!id) {
      return;
    }
    var at = head.length - 1;
    head[at] = head[at].slice();
    reshape(
      function (cells) {
        return cells.concat(cells === head[at] ? state.columns[id].title[0] : '');
      },
      function (fields) {
        fields.push(id);
      }
    );
    grid.move(grid.active.row, grid.columns.length - 1);
  });

  var grid = null;
  function begin(rows) {
    grid = new window.HengtanGrid.Grid(part('grid'), columns(), rows, head.length + 1, {
      mostRows: state.most_rows,
      readonly: !state.writable,
      line: line,
      onchange: changed,
      onmove: moved,
    });
    listLacking();
  }
  begin(state.typed.rows.map(toRow));
  part('grid').addEventListener('leave', function () {
    part('submit').focus();
  });

  function typed() {
    return {
      sheet: sheet,
      head: head,
      rows: grid.rows.map(function (row) {
        return [row.id].concat(row.cells);
      }),
    };
  }

  function send(where, fields) {
    var body = new FormData();
    body.set('csrfmiddlewaretoken', state.token);
    Object.keys(fields).forEach(function (name) {
      body.set(name, fields[name]);
    });
    return fetch(state.address + where, {
      method: 'POST',
      body: body,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', 'X-CSRFToken': state.token },
    }).then(function (answer) {
      return answer.json().then(function (got) {
        got.status = answer.status;
        return got;
      });
    });
  }

  // saving: one at a time, the newest content last
  var saving = false,
    waiting = false,
    saveTimer = 0,
    checkTimer = 0,
    asked = 0;
  function changed() {
    part('saved').textContent = say.unsaved;
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, 1000);
    clearTimeout(checkTimer);
    checkTimer = setTimeout(check, 200);
  }

  function save() {
    clearTimeout(saveTimer);
    if (!state.writable || !part('clash').hidden) {
      return Promise.resolve(false);
    }
    if (saving) {
      waiting = true;
      return saving;
    }
    saving = send('/save', { version: version, grid: JSON.stringify(typed()) }).then(
      function (got) {
        saving = false;
        if (got.status === 409 && got.stored) {
          overtaken(got);
          return false;
        }
        if (got.status !== 200) {
          part('saved').textContent = got.text || say.not_saved;
          return false;
        }
        version = got.version;
        part('saved').textContent = say.saved + ' ' + got.at + ' · ' + edition(version);
        if (waiting) {
          waiting = false;
          return save();
        }
        return true;
      },
      function () {
        saving = false;
        part('saved').textContent = say.not_saved;
        setTimeout(save, 5000);
        return false;
      }
    );
    return saving;
  }

  // checking: only the newest answer counts
  function check() {
    var turn = (asked += 1),
      began = performance.now();
    return send('/check', { grid: JSON.stringify(typed()) }).then(
      function (got) {
        if (turn !== asked || got.status !== 200) {
          return;
        }
        checked = got;
        var width = head[head.length - 1].length,
          fields = got.columns.concat(new Array(width).fill(null)).slice(0, width);
        if (fields.join() !== state.fields.join()) {
          state.fields = fields;
          begin(grid.rows);
        }
        show(performance.now() - began);
      },
      function () {
        part('tally').textContent = say.not_checked;
      }
    );
  }

  function sentence(finding) {
    return (
      text([finding.zh, finding.en]) +
      (text([finding.todo, finding.todo_en])
        ? (english ? '; ' : '；') + text([finding.todo, finding.todo_en])
        : '')
    );
  }
  function level(finding) {
    return finding.level === 'error' ? 'error' : 'warning';
  }

  function show(milliseconds) {
    var cells = {},
      under = {},
      before = {},
      whole = part('whole');
    function mark(row, column, name) {
      var key = row + ' ' + column;
      cells[key] = cells[key] && cells[key].indexOf(name) < 0 ? cells[key] + ' ' + name : name;
    }
    whole.textContent = '';
    checked.findings.forEach(function (finding) {
      if (finding.at === null) {
        whole.appendChild(
          el(
            'p',
            { class: level(finding) },
            (finding.column ? finding.column + (english ? ': ' : '：') : '') + sentence(finding)
          )
        );
        return;
      }
      finding.cells.forEach(function (column) {
        mark(finding.at, column, level(finding));
      });
      (under[finding.at] = under[finding.at] || []).push({
        level: level(finding),
        text:
          (titleOf(finding) ? titleOf(finding) + (english ? ': ' : '：') : '') + sentence(finding),
      });
    });
    var places = {};
    grid.rows.forEach(function (row, n) {
      places[row.id] = n;
    });
    notes.forEach(function (note) {
      if (!note.done && places[note.row] !== undefined) {
        mark(places[note.row], note.column, note.follow_up ? 'follow' : 'noted');
      }
    });
    if (part('before').checked) {
      Object.keys(checked.before || {}).forEach(function (row) {
        before[row] = {};
        state.fields.forEach(function (field, n) {
          if (
            field &&
            state.amounts.indexOf(field) >= 0 &&
            checked.before[row][field] !== undefined
          ) {
            before[row][n] = say.last + ' ' + checked.before[row][field];
          }
        });
      });
    }
    grid.setMarks({ cells: cells, under: part('hints').checked ? under : {}, before: before });
    part('tally').textContent =
      checked.rows +
      ' ' +
      say.rows +
      ' · ' +
      checked.errors +
      ' ' +
      say.errors +
      ' · ' +
      checked.warnings +
      ' ' +
      say.warnings +
      (milliseconds ? ' · ' + Math.round(milliseconds) + ' ms' : '');
    part('tally').className = checked.errors ? 'error' : checked.warnings ? 'warning' : 'fine';
  }
  function titleOf(finding) {
    return finding.cells
      .map(function (n) {
        return grid.columns[n] ? grid.columns[n].title.replace(/\*$/, '') : '';
      })
      .filter(Boolean)
      .join(english ? ', ' : '、');
  }

  // comments on the active cell
  function moved(row, column) {
    if (!grid) {
      return;
    }
    var about = state.columns[state.fields[column]],
      here = part('here');
    here.textContent = line(grid.lineOf(row)) + ' · ' + grid.columns[column].title;
    part('about').textContent = about
      ? [
          text(about.note),
          about.unit_column ? say.unit_in + ' ' + text(about.unit_column) : '',
          (about.note[0].indexOf('NO') < 0 ? Object.keys(about.notation) : [])
            .map(function (key) {
              return key + ' ' + text(about.notation[key]);
            })
            .join(english ? ', ' : '、'),
        ]
          .filter(Boolean)
          .join(english ? '. ' : '。')
      : '';
    listNotes();
  }

  function listNotes() {
    var box = part('notes'),
      places = {};
    grid.rows.forEach(function (row, n) {
      places[row.id] = n;
    });
    box.textContent = '';
    notes
      .filter(function (note) {
        return !note.done || note.row === grid.rows[grid.active.row].id;
      })
      .forEach(function (note) {
        var item = el('li', { class: note.follow_up ? 'follow' : 'noted' }),
          n = places[note.row];
        var go = el(
          'button',
          { type: 'button', class: 'plainly' },
          n === undefined
            ? say.gone
            : line(grid.lineOf(n)) + ' · ' + (grid.columns[note.column] || { title: '' }).title
        );
        go.addEventListener('click', function () {
          if (n !== undefined) {
            grid.move(n, note.column);
          }
        });
        item.appendChild(go);
        item.appendChild(el('span', {}, (note.follow_up ? '⚑ ' : '') + note.text));
        item.appendChild(
          el(
            'small',
            {},
            note.by + ' ' + note.at + (note.done ? ' · ' + say.done + ' ' + note.done : '')
          )
        );
        if (!note.done && state.may_note) {
          var done = el('button', { type: 'button', class: 'plainly' }, say.close);
          done.addEventListener('click', function () {
            send('/notes/done', { note: note.id }).then(tookNotes);
          });
          item.appendChild(done);
        }
        box.appendChild(item);
      });
  }
  function tookNotes(got) {
    if (got.notes) {
      notes = got.notes;
      listNotes();
      if (checked) {
        show(0);
      }
    } else {
      part('saved').textContent = got.text || say.not_saved;
    }
  }
  part('note').addEventListener('submit', function (event) {
    event.preventDefault();
    var field = part('note').querySelector('[name=text]'),
      follow = part('note').querySelector('[name=follow_up]');
    if (!field.value.trim()) {
      return;
    }
    var row = grid.rows[grid.active.row].id,
      column = grid.active.column;
    save()
      .then(function () {
        return send('/notes', {
          row: row,
          column: column,
          text: field.value,
          follow_up: follow.checked ? 'yes' : '',
        });
      })
      .then(function (got) {
        if (got.notes) {
          field.value = '';
          follow.checked = false;
        }
        tookNotes(got);
      });
  });

  // somebody else saved meanwhile
  function overtaken(got) {
    var box = part('clash'),
      list = box.querySelector('ul'),
      places = {};
    grid.rows.forEach(function (row, n) {
      places[row.id] = n;
    });
    box.querySelector('[data-who]').textContent = got.text;
    list.textContent = '';
    function label(row, column) {
      return (
        (row === 'head'
          ? say.heading
          : places[row] === undefined
            ? say.new_row
            : line(grid.lineOf(places[row]))) +
        (column >= 0 && grid.columns[column] ? ' · ' + grid.columns[column].title : '')
      );
    }
    (got.joined ? got.joined.clashes : []).forEach(function (clash, n) {
      var item = list.appendChild(el('li', { class: 'error' }));
      item.appendChild(el('b', {}, label(clash.row, clash.column)));
      [
        ['theirs', got.stored.by, clash.theirs],
        ['mine', say.mine, clash.mine],
      ].forEach(function (side) {
        var choice = item.appendChild(el('label', {})),
          box = choice.appendChild(
            el('input', { type: 'radio', name: 'clash-' + n, value: side[0] })
          );
        box.checked = side[0] === 'theirs';
        choice.appendChild(
          el('span', {}, side[1] + (english ? ': ' : '：') + (side[2] || say.blank))
        );
      });
    });
    (got.joined ? got.joined.theirs : []).forEach(function (change) {
      list.appendChild(
        el(
          'li',
          {},
          label(change.row, change.column) +
            (english ? ': ' : '：') +
            (change.before || say.blank) +
            ' → ' +
            (change.after || say.blank)
        )
      );
    });
    box.querySelector('[data-join]').hidden = !got.joined;
    box.hidden = false;
    box.querySelector('[data-join]').onclick = function () {
      var joined = got.joined.typed.rows.map(toRow);
      got.joined.clashes.forEach(function (clash, n) {
        if (box.querySelector('[name="clash-' + n + '"]:checked').value !== 'mine') {
          return;
        }
        if (clash.row === 'head') {
          return;
        }
        var mine = grid.rows.filter(function (row) {
            return row.id === clash.row;
          })[0],
          at = joined
            .map(function (row) {
              return row.id;
            })
            .indexOf(clash.row);
        if (clash.column < 0) {
          if (!mine) {
            joined.splice(at, 1);
          } else if (at < 0) {
            joined.push(mine);
          } else {
            joined[at] = mine;
          }
          return;
        }
        joined[at] = {
          id: clash.row,
          cells: joined[at].cells.map(function (cell, c) {
            return c === clash.column ? clash.mine : cell;
          }),
        };
      });
      box.hidden = true;
      version = got.stored.version;
      head = got.joined.typed.head;
      if (head[head.length - 1].length === grid.columns.length) {
        grid.become(joined);
      } else {
        begin(joined);
      }
      save();
      check();
      grid.move(grid.active.row, grid.active.column);
    };
    box.querySelector('[data-theirs]').onclick = function () {
      box.hidden = true;
      version = got.stored.version;
      head = got.stored.typed.head;
      begin(got.stored.typed.rows.map(toRow));
      check();
      part('saved').textContent = say.saved + ' · ' + edition(version);
    };
    box.querySelector('[data-join]:not([hidden]), [data-theirs]').focus();
  }

  // handing in: saved, checked, confirmed, once
  part('submit').addEventListener('click', function () {
    part('submit').disabled = true;
    save()
      .then(function () {
        return check();
      })
      .then(function () {
        part('submit').disabled = false;
        if (!part('clash').hidden || !checked) {
          return;
        }
        if (checked.errors) {
          part('answer').textContent = say.errors_first;
          part('answer').className = 'error';
          firstError();
          return;
        }
        var box = part('confirm'),
          list = box.querySelector('ul');
        list.textContent = '';
        checked.findings.forEach(function (finding) {
          list.appendChild(
            el(
              'li',
              {},
              (finding.row ? line(finding.row) + ' ' : '') +
                titleOf(finding) +
                (english ? ': ' : '：') +
                sentence(finding)
            )
          );
        });
        box.querySelector('[data-none]').hidden = checked.warnings > 0;
        box.querySelector('[data-seen]').checked = false;
        box.querySelector('[data-seen]').parentNode.hidden = checked.warnings === 0;
        box.hidden = false;
        box.querySelector('[data-send]').focus();
      });
  });
  function firstError() {
    var first = checked.findings.filter(function (f) {
      return f.level === 'error' && f.at !== null;
    })[0];
    if (first) {
      grid.move(first.at, first.cells[0] || 0);
    }
  }
  part('confirm')
    .querySelector('[data-back]')
    .addEventListener('click', function () {
      part('confirm').hidden = true;
      grid.move(grid.active.row, grid.active.column);
    });
  part('confirm')
    .querySelector('[data-send]')
    .addEventListener('click', function (event) {
      var box = part('confirm');
      if (checked.warnings && !box.querySelector('[data-seen]').checked) {
        box.querySelector('[data-seen]').focus();
        part('answer').textContent = say.confirm_first;
        part('answer').className = 'warning';
        return;
      }
      event.target.disabled = true;
      send('/submit', { version: version, seen: checked.seen }).then(
        function (got) {
          event.target.disabled = false;
          if (got.status === 200) {
            state.writable = false;
            location.assign(got.next);
            return;
          }
          box.hidden = true;
          part('answer').textContent = got.text;
          part('answer').className = 'error';
          check();
        },
        function () {
          event.target.disabled = false;
          part('answer').textContent = say.not_sent;
          part('answer').className = 'error';
        }
      );
    });

  part('rows-add').addEventListener('click', function () {
    grid.insert(10, grid.rows.length);
  });
  part('rows-insert').addEventListener('click', function () {
    grid.insert(1, grid.active.row);
    grid.move(grid.active.row, grid.active.column);
  });
  part('rows-remove').addEventListener('click', function () {
    grid.remove();
  });
  part('undo').addEventListener('click', function () {
    grid.undo();
  });
  part('redo').addEventListener('click', function () {
    grid.redo();
  });
  part('before').addEventListener('change', function () {
    if (checked) {
      show(0);
    }
  });
  part('hints').addEventListener('change', function () {
    if (checked) {
      show(0);
    }
  });
  part('save').addEventListener('click', function () {
    save();
    check();
  });
  // what others saved meanwhile is shown, where nothing of one's own would be lost by it
  setInterval(function () {
    if (document.hidden || saving || !part('clash').hidden) {
      return;
    }
    fetch(state.address + '/version?after=' + version, {
      credentials: 'same-origin',
      headers: { Accept: 'application/json' },
    })
      .then(function (answer) {
        return answer.ok ? answer.json() : null;
      })
      .then(
        function (got) {
          if (!got) {
            return;
          }
          if (got.notes.length !== notes.length) {
            tookNotes(got);
          }
          var busy =
            saving ||
            grid.editing ||
            part('saved').textContent === say.unsaved ||
            !part('confirm').hidden;
          if (!got.typed || got.version <= version || busy) {
            return;
          }
          version = got.version;
          head = got.typed.head;
          var at = grid.active;
          begin(got.typed.rows.map(toRow));
          grid.move(at.row, at.column, false, true);
          check();
          part('saved').textContent =
            got.by + ' ' + say.saved + ' ' + got.at + ' · ' + edition(version);
        },
        function () {
          /* the next turn asks again */
        }
      );
  }, state.looks_every);
  window.addEventListener('beforeunload', function (event) {
    if (state.writable && (saving || part('saved').textContent === say.unsaved)) {
      event.preventDefault();
    }
  });
  check();
  moved(0, 0);
})();
