"""The desktop: a view of the gateway over HTTP, and the only room that knows Qt. It talks to no host directly."""

from boocontrol.desktop import light_start as light_start
