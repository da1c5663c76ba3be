package io.vitals.runbooks.run;

/** Which run of Vitals is meant. Only one of them is the members'. */
public enum Place {
    LOCAL,
    DEV,
    STAGING,
    PRODUCTION
}
