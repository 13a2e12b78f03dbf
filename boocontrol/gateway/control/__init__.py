"""The control API behind `/api`: one router per topic, shapes from boocontrol.core.api, errors in one shape."""
