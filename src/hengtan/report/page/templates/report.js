// Pages without a build step: section navigation (offline file), language, filters, charts, explain trees.
(function () {
  'use strict';
  var root = document.documentElement;
  var all = function (selector, inside) { return Array.prototype.slice.call((inside || document).querySelectorAll(selector)); };
  var sections = all('section.page');
  var offline = sections.length > 1;
  root.classList.add('js');

  function language() { return root.getAttribute('data-lang') === 'en' ? 'en' : 'zh'; }
  function remember(lang) { try { localStorage.setItem('hengtan-language', lang); } catch (e) { /* no storage for local files in some browsers */ } }
  function remembered() { try { return localStorage.getItem('hengtan-language'); } catch (e) { return null; } }
  function speak(lang) {
    root.setAttribute('data-lang', lang);
    root.setAttribute('lang', lang === 'en' ? 'en' : 'zh-CN');
    all('option[data-' + lang + ']').forEach(function (o) { o.textContent = o.getAttribute('data-' + lang); });
    draw();
  }

  function draw() {
    if (!window.Plotly) { return; }
    all('.chart').forEach(function (box) {
      var section = box.closest('section.page');
      if (section && !section.classList.contains('current')) { return; }
      var given = box.querySelector('script[data-figure="' + language() + '"]') || box.querySelector('script[data-figure]');
      if (!given || box.getAttribute('data-drawn') === given.getAttribute('data-figure')) { return; }
      var place = box.querySelector('.plot');
      if (!place) { place = document.createElement('div'); place.className = 'plot'; box.appendChild(place); }
      var figure = JSON.parse(given.textContent);
      window.Plotly.react(place, figure.data, figure.layout, { displaylogo: false, displayModeBar: false, responsive: true, showTips: false });
      box.setAttribute('data-drawn', given.getAttribute('data-figure'));
    });
  }

  function show() {
    if (!offline) { draw(); return; }
    var wanted = decodeURIComponent(location.hash.replace(/^#/, '')) || 'overview';
    if (wanted === 'main') { return; }
    var found = sections.filter(function (s) { return s.getAttribute('data-page') === wanted; })[0] || sections[0];
    sections.forEach(function (s) { s.classList.toggle('current', s === found); });
    var family = found.getAttribute('data-page').split('/')[0].replace('targets', 'overview');
    all('nav [data-nav]').forEach(function (a) {
      if (a.getAttribute('data-nav') === family) { a.setAttribute('aria-current', 'page'); } else { a.removeAttribute('aria-current'); }
    });
    window.scrollTo(0, 0);
    draw();
  }

  all('[data-switch-language]').forEach(function (button) {
    button.addEventListener('click', function () { var next = language() === 'en' ? 'zh' : 'en'; remember(next); speak(next); });
  });

  all('[data-filter]').forEach(function (form) {
    var page = form.closest('section.page') || document;
    var lights = all('[data-light]', form), plan = form.querySelector('[data-plan]'), state = form.querySelector('[data-state]');
    var search = form.querySelector('[data-search]'), shown = form.querySelector('[data-shown]'), none = page.querySelector('[data-none]');
    function apply() {
      var wanted = lights.filter(function (b) { return b.getAttribute('aria-pressed') === 'true'; }).map(function (b) { return b.getAttribute('data-light'); });
      var words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      all('[data-row]', page).forEach(function (row) {
        var text = row.getAttribute('data-text');
        var visible = (!wanted.length || wanted.indexOf(row.getAttribute('data-light')) >= 0) &&
          (!plan.value || row.getAttribute('data-plan') === plan.value) && (!state.value || row.getAttribute('data-state') === state.value) &&
          words.every(function (w) { return text.indexOf(w) >= 0; });
        row.hidden = !visible;
        if (visible) { count += 1; }
      });
      all('[data-group]', page).forEach(function (group) { group.hidden = !group.querySelector('[data-row]:not([hidden])'); });
      var asked = wanted.length || words.length || plan.value || state.value;
      all('[data-others]', page).forEach(function (others) {
        if (asked && others.querySelector('[data-row]:not([hidden])')) { others.open = true; }
      });
      shown.textContent = count;
      none.hidden = count > 0;
    }
    lights.forEach(function (button) {
      button.addEventListener('click', function () {
        button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') === 'true' ? 'false' : 'true');
        apply();
      });
    });
    [plan, state].forEach(function (field) { field.addEventListener('change', apply); });
    search.addEventListener('input', apply);
    form.addEventListener('submit', function (event) { event.preventDefault(); });
    form.addEventListener('reset', function () {
      lights.forEach(function (b) { b.setAttribute('aria-pressed', 'false'); });
      setTimeout(apply, 0);
    });
  });

  all('[data-quick]').forEach(function (field) {
    var page = field.closest('section.page') || document;
    field.addEventListener('input', function () {
      var words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      all('[data-find]', page).forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (w) { return text.indexOf(w) >= 0; });
      });
      all('[data-part]', page).forEach(function (part) { part.hidden = !part.querySelector('[data-find]:not([hidden])'); });
    });
    // the filter may stand in the address: ?find=words
    var wanted = new URLSearchParams(location.search).get('find');
    if (wanted) { field.value = wanted; field.dispatchEvent(new Event('input')); }
  });

  [['[data-open]', true], ['[data-close]', false]].forEach(function (pair) {
    all(pair[0]).forEach(function (button) {
      button.addEventListener('click', function () {
        var tree = button.parentElement.nextElementSibling;
        all('details', tree).forEach(function (d) { d.open = pair[1]; });
      });
    });
  });

  // a page that takes more than a moment says that it is being worked out
  all('.busy').forEach(function (note) {
    var waiting = null;
    function stop() { clearTimeout(waiting); note.hidden = true; }
    function start() { waiting = setTimeout(function () { note.hidden = false; }, 300); }
    document.addEventListener('click', function (event) {
      var link = event.target.closest && event.target.closest('a[href]');
      var plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.defaultPrevented;
      if (!link || !plain || link.target || link.hasAttribute('download')) { return; }
      if (link.host === location.host && link.getAttribute('href').charAt(0) !== '#') { start(); }
    });
    document.addEventListener('submit', function (event) { if (!event.defaultPrevented) { start(); } });
    window.addEventListener('pagehide', stop);
    window.addEventListener('pageshow', stop);
  });

  window.addEventListener('hashchange', show);
  if (offline && remembered() === 'en') { speak('en'); }
  show();
})();
