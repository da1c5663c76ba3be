/** Tests of the kit. */
package io.vitals.kit;
