/* This page answers a form. Its entry in the history becomes one that asks for the address alone, without what was sent. */
history.replaceState(null, "", location.href);
