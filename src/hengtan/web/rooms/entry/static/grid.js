// A grid of text as in a spreadsheet: one input follows the active cell (so that Chinese input methods work),
// ranges are copied and pasted with Excel, every change can be undone. It knows nothing of forms or servers.
(function () {
  'use strict';

  function el(name, attributes, text) {
    var node = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      node.setAttribute(key, attributes[key]);
    });
    if (text !== undefined) {
      node.textContent = text;
    }
    return node;
  }

  // Excel's clipboard: tabs and lines, a cell with either in quotes.
  function fromClipboard(text) {
    var rows = [[]],
      cell = '',
      quoted = false,
      at = 0,
      start = true;
    text = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
    for (; at < text.length; at += 1) {
      var sign = text[at];
      if (quoted) {
        if (sign === '"' && text[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else if (sign === '"') {
          quoted = false;
        } else {
          cell += sign;
        }
      } else if (sign === '"' && start && /"[^"]*("")*[^"]*"(\t|\n|$)/.test(text.slice(at))) {
        quoted = true;
        start = false;
      } else if (sign === '\t') {
        rows[rows.length - 1].push(cell);
        cell = '';
        start = true;
      } else if (sign === '\n') {
        rows[rows.length - 1].push(cell);
        rows.push([]);
        cell = '';
        start = true;
      } else {
        cell += sign;
        start = false;
      }
    }
    rows[rows.length - 1].push(cell);
    return rows;
  }

  function toClipboard(rows) {
    return rows
      .map(function (cells) {
        return cells
          .map(function (text) {
            return /["\t\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
          })
          .join('\t');
      })
      .join('\n');
  }

  // root: where the table goes. columns: [{title, id, wide, list, note, required, unit}]. rows: [{id, cells}]. first: number of the first line.
  // options: mostRows, line(number) in words, onchange(), onmove(row, column), readonly.
  function Grid(root, columns, rows, first, options) {
    this.root = root;
    this.columns = columns;
    this.rows = rows;
    this.first = first;
    this.options = options;
    this.active = { row: 0, column: 0 };
    this.anchor = { row: 0, column: 0 };
    this.editing = false;
    this.past = [];
    this.future = [];
    this.marks = {};
    this.serial = 0;
    this.stem = Math.random().toString(36).slice(2, 8);
    this.build();
  }

  Grid.prototype = {
    // a row of a large file keeps the number of its line there
    lineOf: function (n) {
      var own = /^L(\d+)$/.exec(this.rows[n].id);
      return own ? Number(own[1]) : this.first + n;
    },
    newId: function () {
      this.serial += 1;
      return 'n' + this.stem + '-' + this.serial;
    },

    build: function () {
      var grid = this,
        table = el('table', {
          role: 'grid',
          'aria-rowcount': this.rows.length + 1,
          class: 'cells',
        });
      var head = el('tr', { role: 'row' });
      head.appendChild(el('th', { scope: 'col', class: 'n' }, '#'));
      this.columns.forEach(function (column) {
        var th = el('th', {
          scope: 'col',
          title: column.note || '',
          class: (column.required ? 'must ' : '') + (column.key ? 'key' : ''),
        });
        th.style.minWidth = (column.width || 84) + 'px';
        th.appendChild(el('span', {}, column.title));
        if (column.unit) {
          th.appendChild(el('small', {}, column.unit));
        }
        if (column.offer) {
          th.appendChild(column.offer());
        }
        head.appendChild(th);
      });
      table.appendChild(el('thead')).appendChild(head);
      this.body = table.appendChild(el('tbody'));
      this.input = el('input', {
        type: 'text',
        class: 'over',
        autocomplete: 'off',
        spellcheck: 'false',
      });
      this.root.textContent = '';
      this.root.appendChild(table);
      this.root.appendChild(this.input);
      this.table = table;
      this.drawAll();
      this.listen();
      this.move(0, 0, false, true);
      if (this.options.readonly) {
        this.input.readOnly = true;
      }
      window.onresize = function () {
        grid.place();
      };
    },

    drawAll: function () {
      var body = this.body,
        grid = this,
        all = document.createDocumentFragment();
      body.textContent = '';
      this.rows.forEach(function (row, n) {
        all.appendChild(grid.drawn(row, n));
      });
      body.appendChild(all);
      this.table.setAttribute('aria-rowcount', this.rows.length + 1);
      Object.keys(this.marks).length && this.showMarks();
      this.select();
    },

    drawn: function (row, n) {
      var tr = el('tr', { role: 'row', 'aria-rowindex': n + 2, 'data-row': n });
      tr.appendChild(el('th', { scope: 'row', class: 'n' }, String(this.lineOf(n))));
      row.cells.forEach(function (text, column) {
        tr.appendChild(el('td', { role: 'gridcell', 'data-c': column })).appendChild(
          el('span', {}, text)
        );
      });
      return tr;
    },

    line: function (row) {
      return this.body.querySelector('tr[data-row="' + row + '"]');
    },
    cell: function (row, column) {
      var tr = this.line(row);
      return tr && tr.children[column + 1];
    },
    text: function (row, column) {
      return this.rows[row].cells[column];
    },

    // the range that is chosen
    range: function () {
      return {
        top: Math.min(this.active.row, this.anchor.row),
        bottom: Math.max(this.active.row, this.anchor.row),
        left: Math.min(this.active.column, this.anchor.column),
        right: Math.max(this.active.column, this.anchor.column),
      };
    },

    select: function () {
      var grid = this,
        range = this.range();
      Array.prototype.forEach.call(this.body.querySelectorAll('.in'), function (cell) {
        cell.classList.remove('in');
      });
      for (var row = range.top; row <= range.bottom; row += 1) {
        for (var column = range.left; column <= range.right; column += 1) {
          var cell = grid.cell(row, column);
          if (cell) {
            cell.classList.add('in');
          }
        }
      }
      this.place();
    },

    place: function () {
      var cell = this.cell(this.active.row, this.active.column);
      if (!cell) {
        return;
      }
      var input = this.input;
      input.style.left = cell.offsetLeft + 'px';
      input.style.top = cell.offsetTop + 'px';
      input.style.width = cell.offsetWidth + 'px';
      input.style.height = cell.offsetHeight + 'px';
    },

    move: function (row, column, extend, quiet) {
      if (this.editing) {
        this.commit();
      }
      row = Math.max(0, Math.min(row, this.rows.length - 1));
      column = Math.max(0, Math.min(column, this.columns.length - 1));
      this.active = { row: row, column: column };
      if (!extend) {
        this.anchor = { row: row, column: column };
      }
      this.input.value = '';
      var about = this.columns[column];
      this.input.setAttribute(
        'aria-label',
        this.options.line(this.lineOf(row)) +
          ' ' +
          about.title +
          ' ' +
          (this.text(row, column) || '')
      );
      if (about.list) {
        this.input.setAttribute('list', about.list);
      } else {
        this.input.removeAttribute('list');
      }
      this.select();
      if (!quiet) {
        this.show();
        this.input.focus({ preventScroll: true });
      }
      this.options.onmove(row, column);
    },

    show: function () {
      var cell = this.cell(this.active.row, this.active.column);
      if (cell) {
        cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      }
    },

    begin: function (keep) {
      if (this.options.readonly || this.editing) {
        return;
      }
      this.editing = true;
      if (keep) {
        this.input.value = this.text(this.active.row, this.active.column);
      }
      this.input.classList.add('on');
    },

    commit: function () {
      if (!this.editing) {
        return;
      }
      this.editing = false;
      this.input.classList.remove('on');
      var value = this.input.value;
      this.input.value = '';
      this.set([{ row: this.active.row, column: this.active.column, text: value }]);
    },

    cancel: function () {
      this.editing = false;
      this.input.classList.remove('on');
      this.input.value = '';
    },

    // changes of cells: undone as one; rows that lack are added
    set: function (cells) {
      if (this.options.readonly) {
        return;
      }
      var grid = this,
        last = cells.reduce(function (most, cell) {
          return Math.max(most, cell.row);
        }, 0);
      var rows = this.rows.slice(),
        changed = false;
      while (rows.length <= last && rows.length < this.options.mostRows) {
        rows.push({
          id: this.newId(),
          cells: this.columns.map(function () {
            return '';
          }),
        });
        changed = true;
      }
      cells.forEach(function (cell) {
        var row = rows[cell.row];
        if (!row || cell.column >= grid.columns.length || row.cells[cell.column] === cell.text) {
          return;
        }
        rows[cell.row] = {
          id: row.id,
          cells: row.cells.map(function (text, n) {
            return n === cell.column ? cell.text : text;
          }),
        };
        changed = true;
      });
      if (changed) {
        this.become(rows);
      }
    },

    become: function (rows) {
      this.past.push(this.rows);
      if (this.past.length > 200) {
        this.past.shift();
      }
      this.future = [];
      this.replaceRows(rows);
      this.options.onchange();
    },

    replaceRows: function (rows) {
      var old = this.rows;
      this.rows = rows;
      if (old.length !== rows.length) {
        this.marks = {};
        this.drawAll();
        return;
      }
      for (var n = 0; n < rows.length; n += 1) {
        if (rows[n] === old[n]) {
          continue;
        }
        for (var c = 0; c < rows[n].cells.length; c += 1) {
          if (rows[n].cells[c] !== old[n].cells[c]) {
            var cell = this.cell(n, c);
            cell.querySelector('span').textContent = rows[n].cells[c];
          }
        }
      }
      this.place();
    },

    undo: function () {
      if (this.past.length) {
        this.future.push(this.rows);
        this.replaceRows(this.past.pop());
        this.again();
      }
    },
    redo: function () {
      if (this.future.length) {
        this.past.push(this.rows);
        this.replaceRows(this.future.pop());
        this.again();
      }
    },
    again: function () {
      this.move(this.active.row, this.active.column, false, true);
      this.options.onchange();
    },

    insert: function (count, at) {
      var rows = this.rows.slice(),
        columns = this.columns;
      for (var n = 0; n < count && rows.length < this.options.mostRows; n += 1) {
        rows.splice(at, 0, {
          id: this.newId(),
          cells: columns.map(function () {
            return '';
          }),
        });
      }
      this.become(rows);
    },

    remove: function () {
      var range = this.range(),
        rows = this.rows.slice();
      rows.splice(range.top, range.bottom - range.top + 1);
      if (!rows.length) {
        rows.push({
          id: this.newId(),
          cells: this.columns.map(function () {
            return '';
          }),
        });
      }
      this.become(rows);
      this.move(Math.min(range.top, rows.length - 1), this.active.column);
    },

    clear: function () {
      var range = this.range(),
        cells = [];
      for (var row = range.top; row <= range.bottom; row += 1) {
        for (var c = range.left; c <= range.right; c += 1) {
          cells.push({ row: row, column: c, text: '' });
        }
      }
      this.set(cells);
    },

    fillDown: function () {
      var range = this.range(),
        cells = [],
        from = range.top === range.bottom ? range.top - 1 : range.top;
      if (from < 0) {
        return;
      }
      for (var row = from + 1; row <= range.bottom; row += 1) {
        for (var c = range.left; c <= range.right; c += 1) {
          cells.push({ row: row, column: c, text: this.text(from, c) });
        }
      }
      this.set(cells);
    },

    chosen: function () {
      var range = this.range();
      return this.rows.slice(range.top, range.bottom + 1).map(function (row) {
        return row.cells.slice(range.left, range.right + 1);
      });
    },

    paste: function (text) {
      var rows = fromClipboard(text),
        range = this.range(),
        cells = [],
        grid = this;
      var lone = rows.length === 1 && rows[0].length === 1;
      if (lone) {
        // one value into a whole range, as Excel does
        for (var r = range.top; r <= range.bottom; r += 1) {
          for (var c = range.left; c <= range.right; c += 1) {
            cells.push({ row: r, column: c, text: rows[0][0] });
          }
        }
      } else {
        rows.forEach(function (line, n) {
          line.forEach(function (value, m) {
            cells.push({ row: range.top + n, column: range.left + m, text: value });
          });
        });
      }
      this.set(cells);
      if (!lone) {
        this.anchor = { row: range.top, column: range.left };
        this.active = {
          row: Math.min(range.top + rows.length, grid.rows.length) - 1,
          column:
            Math.min(
              range.left +
                Math.max.apply(
                  null,
                  rows.map(function (x) {
                    return x.length;
                  })
                ),
              grid.columns.length
            ) - 1,
        };
        this.select();
      }
    },

    // marks: {cells: {"row column": "error"|"warning"|"note"}, under: {row: [{level, text}]}, before: {row: {column: text}}}
    setMarks: function (marks) {
      this.marks = marks;
      this.showMarks();
      this.place();
    },

    showMarks: function () {
      var grid = this,
        marks = this.marks,
        body = this.body;
      Array.prototype.forEach.call(body.querySelectorAll('tr.said'), function (tr) {
        tr.remove();
      });
      Array.prototype.forEach.call(body.querySelectorAll('td'), function (td) {
        td.classList.remove('error', 'warning', 'noted', 'follow');
      });
      Array.prototype.forEach.call(body.querySelectorAll('small.before'), function (small) {
        small.remove();
      });
      Object.keys(marks.cells || {}).forEach(function (key) {
        var parts = key.split(' '),
          cell = grid.cell(+parts[0], +parts[1]);
        if (cell) {
          marks.cells[key].split(' ').forEach(function (name) {
            cell.classList.add(name);
          });
        }
      });
      Object.keys(marks.before || {}).forEach(function (row) {
        Object.keys(marks.before[row]).forEach(function (column) {
          var cell = grid.cell(+row, +column);
          if (cell) {
            cell.appendChild(el('small', { class: 'before' }, marks.before[row][column]));
          }
        });
      });
      Object.keys(marks.under || {}).forEach(function (row) {
        var line = grid.line(row);
        if (!line) {
          return;
        }
        var tr = el('tr', { class: 'said', role: 'row' });
        tr.appendChild(el('td', { class: 'n', role: 'gridcell' }, ''));
        var td = tr.appendChild(el('td', { colspan: grid.columns.length, role: 'gridcell' })),
          box = td.appendChild(el('div', {}));
        marks.under[row].forEach(function (said) {
          box.appendChild(el('p', { class: said.level }, said.text));
        });
        line.after(tr);
      });
    },

    listen: function () {
      var grid = this,
        input = this.input,
        dragging = false;
      function at(event) {
        var td = event.target.closest && event.target.closest('td[data-c]');
        return (
          td && { row: +td.parentNode.getAttribute('data-row'), column: +td.getAttribute('data-c') }
        );
      }
      this.body.addEventListener('mousedown', function (event) {
        var where = at(event);
        if (!where || event.button) {
          return;
        }
        event.preventDefault();
        dragging = true;
        grid.move(where.row, where.column, event.shiftKey);
      });
      this.body.addEventListener('mouseover', function (event) {
        var where = dragging && at(event);
        if (where) {
          grid.active = where;
          grid.select();
        }
      });
      this.root.addEventListener('mouseup', function () {
        dragging = false;
      });
      input.addEventListener('dblclick', function () {
        grid.begin(true);
      });
      input.addEventListener('compositionstart', function () {
        grid.begin(false);
      });
      input.addEventListener('input', function () {
        grid.begin(false);
      });
      input.addEventListener('blur', function () {
        if (grid.editing) {
          grid.commit();
        }
      });
      input.addEventListener('keydown', function (event) {
        if (!event.isComposing) {
          grid.key(event);
        }
      });
      input.addEventListener('copy', function (event) {
        if (grid.editing) {
          return;
        }
        event.clipboardData.setData('text/plain', toClipboard(grid.chosen()));
        event.preventDefault();
      });
      input.addEventListener('cut', function (event) {
        if (grid.editing) {
          return;
        }
        event.clipboardData.setData('text/plain', toClipboard(grid.chosen()));
        event.preventDefault();
        grid.clear();
      });
      input.addEventListener('paste', function (event) {
        var text = event.clipboardData.getData('text/plain');
        if (grid.editing && !/[\t\n]/.test(text)) {
          return;
        }
        event.preventDefault();
        if (grid.editing) {
          grid.cancel();
        }
        grid.paste(text);
      });
    },

    key: function (event) {
      var row = this.active.row,
        column = this.active.column,
        ctrl = event.ctrlKey || event.metaKey,
        key = event.key,
        extend = event.shiftKey;
      var page = 15,
        steps = {
          ArrowUp: [-1, 0],
          ArrowDown: [1, 0],
          ArrowLeft: [0, -1],
          ArrowRight: [0, 1],
          PageUp: [-page, 0],
          PageDown: [page, 0],
        };
      if (ctrl && !this.editing && /^[zyda]$/i.test(key)) {
        event.preventDefault();
        var name = key.toLowerCase();
        if (name === 'z' && !extend) {
          this.undo();
        } else if (name === 'y' || name === 'z') {
          this.redo();
        } else if (name === 'd') {
          this.fillDown();
        } else {
          this.anchor = { row: 0, column: 0 };
          this.active = { row: this.rows.length - 1, column: this.columns.length - 1 };
          this.select();
        }
        return;
      }
      if (key === 'Escape') {
        if (this.editing) {
          event.preventDefault();
          this.cancel();
        } else {
          this.root.dispatchEvent(new CustomEvent('leave'));
        }
        return;
      }
      if (key === 'Enter') {
        event.preventDefault();
        this.next(extend ? -1 : 1, 0);
        return;
      }
      if (key === 'Tab') {
        // out of the grid at its ends, so that the keyboard is never caught
        var at = row * this.columns.length + column + (extend ? -1 : 1);
        if (at < 0 || at >= this.rows.length * this.columns.length) {
          if (this.editing) {
            this.commit();
          }
          return;
        }
        event.preventDefault();
        this.move(Math.floor(at / this.columns.length), at % this.columns.length);
        return;
      }
      if (key === 'F2') {
        event.preventDefault();
        this.begin(true);
        return;
      }
      if (this.editing) {
        if ((key === 'ArrowUp' || key === 'ArrowDown') && !this.input.hasAttribute('list')) {
          event.preventDefault();
          this.move(row + steps[key][0], column);
        }
        return;
      }
      if (key === 'Delete' || key === 'Backspace') {
        event.preventDefault();
        this.clear();
        return;
      }
      if (key === 'Home') {
        event.preventDefault();
        this.move(ctrl ? 0 : row, 0, extend);
        return;
      }
      if (key === 'End') {
        event.preventDefault();
        this.move(ctrl ? this.rows.length - 1 : row, this.columns.length - 1, extend);
        return;
      }
      if (steps[key]) {
        event.preventDefault();
        this.move(row + steps[key][0], column + steps[key][1], extend);
      }
    },

    next: function (down) {
      if (this.editing) {
        this.commit();
      }
      if (
        this.active.row + down >= this.rows.length &&
        this.rows.length < this.options.mostRows &&
        !this.options.readonly
      ) {
        this.insert(1, this.rows.length);
      }
      this.move(this.active.row + down, this.active.column);
    },
  };

  window.HengtanGrid = {
    Grid: Grid,
    fromClipboard: fromClipboard,
    toClipboard: toClipboard,
    el: el,
  };
})();
