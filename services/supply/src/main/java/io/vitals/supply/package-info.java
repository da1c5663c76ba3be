/** What is in the images and under which licences: bills of materials, their locks, the licence report. */
@NullMarked
package io.vitals.supply;

import org.jspecify.annotations.NullMarked;
