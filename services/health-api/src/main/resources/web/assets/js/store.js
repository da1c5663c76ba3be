// One state object, one way to change it; views are told after every change, once per frame.

export function createStore(initial, onChange) {
  let state = Object.freeze({ ...initial });
  let queued = false;
  return {
    get: () => state,
    set(patch) {
      state = Object.freeze({ ...state, ...patch });
      if (!queued) {
        queued = true;
        queueMicrotask(() => {
          queued = false;
          onChange(state);
        });
      }
    },
  };
}
