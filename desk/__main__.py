"""Starts the desk: `python -m desk`; `bulletin desk` does the same with its options."""

import argparse

import uvicorn

from desk.app import create_app
from services.settings import read_settings


def main() -> None:
    """Serve until stopped. The home folder and publication come from the environment."""
    parser = argparse.ArgumentParser(prog="python -m desk", description="编辑台")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址")
    parser.add_argument("--port", type=int, default=8455, help="端口")
    parser.add_argument("--behind-proxy", action="store_true", help="前面有反向代理，信任它转来的地址和协议")
    given = parser.parse_args()
    uvicorn.run(
        create_app(read_settings()),
        host=given.host,
        port=given.port,
        log_level="warning",
        proxy_headers=given.behind_proxy,
        server_header=False,
    )


if __name__ == "__main__":
    main()
