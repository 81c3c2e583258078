/** The command line: every command is a thin shell over a room's public API. */
package org.fedlayers.cli;
