@org.jspecify.annotations.NullMarked
package io.vitals.oncall;
