"""The one table: what is measured, ours, theirs, the goal, and in the end which goals are not met."""

from measure import note


class Table:
    def __init__(self):
        self.missed = []
        self.rows = 0
        print(f"{'what':60}  {'ours':>16}  {'theirs':>18}  {'ratio':>8}  {'goal':>10}")

    def row(self, what, ours, theirs, ratio, goal, met):
        self.rows += 1
        if not met:
            self.missed.append(f"{what}: {ratio or ours}, goal {goal}")
        note("")
        print(f"{what:60}  {ours:>16}  {theirs:>18}  {ratio:>8}  {goal:>10}  {'met' if met else 'NOT met'}", flush=True)

    def end(self):
        met = self.rows - len(self.missed)
        print(f"{met} of {self.rows} goals met" + ("; NOT met:" if self.missed else ""))
        for what in self.missed:
            print(f"  {what}")
