package io.vitals.whoop.link;

import java.net.URI;
import java.time.Instant;

/** Where to send the member's browser, and until when that makes sense. */
public record Authorization(URI url, Instant expiresAt) {}
