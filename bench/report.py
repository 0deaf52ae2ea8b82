"""The table: goal, measured, reached or missed."""

import os
import platform
import time
from pathlib import Path


class Report:
    """Rows of the table, printed as they come and written at the end."""

    def __init__(self, smoke):
        self.smoke, self.rows = smoke, []

    def add(self, row, work, goal, measured, verdict, detail):
        if self.smoke:
            verdict = ""
        self.rows.append((row, work, goal, measured, verdict, detail))
        print(f"{row:5} {work}: {measured} (goal {goal or 'none'}) {verdict} [{detail}]", flush=True)

    def ratio(self, row, work, value, goal, detail):
        self.add(row, work, f">= {goal} x", f"{value:.2f} x", "reached" if value >= goal else "MISSED", detail)

    def at_least(self, row, work, value, goal, detail):
        self.add(row, work, f">= {goal:,}", f"{value:,.0f}", "reached" if value >= goal else "MISSED", detail)

    def at_most(self, row, work, value, goal, detail):
        self.add(row, work, f"<= {goal}", f"{value:.2f}", "reached" if value <= goal else "MISSED", detail)

    def note(self, row, work, text):
        self.add(row, work, "", text, "", "")

    def finish(self, directory: Path):
        if self.smoke:
            print("bench smoke: every measurement ran and every archive was right; figures of a smoke run mean nothing")
            return
        directory.mkdir(exist_ok=True)
        path = directory / time.strftime("%Y-%m-%d-%H%M.md")
        lines = [f"# {os.cpu_count()} cores, {platform.system()} {platform.release()}, {time.strftime('%Y-%m-%d %H:%M')}", "",
                 "| id | work | goal | measured | verdict | detail |", "|---|---|---|---|---|---|"]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        path.write_text("\n".join(lines) + "\n")
        print("\n".join(lines))
        print(f"written to {path}")
