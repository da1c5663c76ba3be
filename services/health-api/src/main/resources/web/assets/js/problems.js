// What went wrong, in words for the one who asked.

const seconds = (count) => (count === 1 ? 'a second' : `${count} seconds`);

function when(problem) {
  if (problem.retryAfter === null) {
    return 'in a moment';
  }
  return problem.retryAfter < 90
    ? `in ${seconds(Math.max(1, problem.retryAfter))}`
    : `in ${Math.ceil(problem.retryAfter / 60)} minutes`;
}

const BY_SLUG = {
  'too-many-keys': () => 'You have ten keys already, and ten is the most. Revoke one first.',
  'consent-required': () => 'Your consent is needed for that. You give it where you connect your strap.',
  'cross-site': () => 'The request did not seem to come from this page. Reload the page and try again.',
  'broken-off': () => 'The file broke off before its end, so nothing was saved. Please try again.',
};

const BY_STATUS = {
  0: () => 'Vitals did not answer. Check your connection and try again.',
  403: () => 'This account may not do that.',
  404: () => 'It is not there any more.',
  429: (problem) => `That was too often in a short time. Try again ${when(problem)}.`,
  503: (problem) => `Vitals cannot do that right now. Try again ${when(problem)}.`,
};

/** A sentence or two about an ApiProblem. */
export function inWords(problem) {
  const known = BY_SLUG[problem.slug] ?? BY_STATUS[problem.status];
  if (known !== undefined) {
    return known(problem);
  }
  if (problem.status === 400 && problem.detail) {
    return `Vitals did not accept that: ${problem.detail}`;
  }
  const number = problem.requestId ? ` If it stays so, tell us this number: ${problem.requestId}.` : '';
  return `Something went wrong at Vitals. Please try again.${number}`;
}
