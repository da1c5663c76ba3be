// Draws the reference from the contract. Calls from here go to this server only, as whoever is signed in.
window.SwaggerUIBundle({
  url: '/openapi',
  dom_id: '#reference',
  deepLinking: true,
  // Nothing is sent to a validator outside.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  onComplete: () => {
    document.body.dataset.phase = 'ready';
  },
});
