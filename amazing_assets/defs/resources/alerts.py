"""Who is told of failed runs, and of files that are not read."""

import logging

import dagster as dg

from amazing_assets.delivery.alerts import Alert, AlertError, UnreadFiles, send
from amazing_assets.settings import alert_webhook


class AlertsResource(dg.ConfigurableResource[None]):
    """The log, and a webhook where one is configured."""

    web_ui: str | None

    def tell(self, alert: Alert | UnreadFiles, log: logging.Logger) -> None:
        """Report what happened; a webhook that fails is logged and never raised."""
        log.error(alert.sentence)
        # A secret: read when it is needed, never a value of the resource, which the UI shows.
        address = alert_webhook()
        if address is None:
            return
        try:
            send(alert, address)
        except AlertError as error:
            log.warning(str(error))

    def page_of_asset(self, name: str) -> str | None:
        """Return the address of an asset's page; None if that of the web UI is not known."""
        return f"{self.web_ui}/assets/{name}" if self.web_ui else None

    def page_of(self, run_id: str) -> str | None:
        """Return the address of a run's page; None if that of the web UI is not known."""
        return f"{self.web_ui}/runs/{run_id}" if self.web_ui else None
