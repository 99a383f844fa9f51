/* Swagger over our description; what is tried goes with the token against forged requests. */
(function () {
  'use strict';
  var place = document.getElementById('swagger-ui');
  window.SwaggerUIBundle({
    url: place.dataset.address,
    domNode: place,
    deepLinking: false,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    requestInterceptor: function (asked) {
      if (asked.method === 'POST') asked.headers['X-CSRFToken'] = place.dataset.token;
      return asked;
    },
  });
})();
