"""Static files as production serves them: hashed, compressed, and with all style sheets in one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, override

from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE = "css/site.css"
IMPORT = re.compile(r'@import "(.+?)";')


class SiteStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    @override
    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Inline the imports of `site.css`, which a browser would otherwise request only after parsing it."""

        def text(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        if not dry_run:
            Path(self.path(SITE)).write_text(
                IMPORT.sub(lambda found: text(f"css/{found[1]}"), text(SITE)), encoding="utf-8"
            )
            paths[SITE] = (self, SITE)
        yield from super().post_process(paths, dry_run=dry_run, **options)
