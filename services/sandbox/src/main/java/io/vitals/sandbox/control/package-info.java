/** The control API and page of all simulators: each registers a module of actions and shows its state. */
@NullMarked
package io.vitals.sandbox.control;

import org.jspecify.annotations.NullMarked;
