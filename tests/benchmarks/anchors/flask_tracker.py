"""A tracker of the original API's kind: Flask, Flask-SQLAlchemy, SQLite, gunicorn, no pages.

`python -m tests.benchmarks.anchors.flask_tracker PORT DATABASE`
"""

import os
import sys
from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_REQUIRED = ("title", "description", "reported_by", "severity")


class Base(DeclarativeBase):
    """Of all tables."""


db = SQLAlchemy(model_class=Base)


class Incident(Base):
    """An incident, as the original API shows it."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str]
    reported_by: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str] = mapped_column(default="Open")
    timestamp: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "description": self.description,
            "reported_by": self.reported_by,
            "severity": self.severity,
            "status": self.status,
            "timestamp": self.timestamp.isoformat(),
        }


def application(database: str) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    db.init_app(app)
    app.add_url_rule("/incidents", view_func=declare, methods=["POST"])
    app.add_url_rule("/incidents", view_func=list_, methods=["GET"])
    with app.app_context():
        db.create_all()
    return app


def declare() -> tuple[Any, int]:
    data = request.get_json(silent=True)
    if not data:
        return jsonify({"error": "No JSON data provided"}), 400
    if missing := [name for name in _REQUIRED if not data.get(name)]:
        return jsonify({"error": "Missing required field(s)", "missing": missing}), 400
    incident = Incident(**{name: data[name] for name in _REQUIRED})
    db.session.add(incident)
    db.session.commit()
    return jsonify(incident.shown()), 201


def list_() -> Any:  # noqa: ANN401 - Flask's own kinds of answers
    query = db.select(Incident).order_by(Incident.timestamp.desc())
    incidents = db.session.execute(query).scalars().all()
    return jsonify({"incidents": [one.shown() for one in incidents], "total": len(incidents)})


def main() -> None:
    port, database = sys.argv[1:]
    module = "tests.benchmarks.anchors.flask_tracker"
    gunicorn = (sys.executable, "-m", "gunicorn", "--no-control-socket", "--threads=16")
    served = (f"--bind=127.0.0.1:{port}", f"{module}:application('{database}')")
    os.execv(sys.executable, (*gunicorn, *served))  # noqa: S606 - ours


if __name__ == "__main__":
    main()
