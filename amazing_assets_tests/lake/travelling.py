"""An engine whose tasks travel: each goes to a fresh process as a plain pickle, as to a worker."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.lake.table import Lake


def run(pickled):
    function, task = pickle.loads(pickled)  # noqa: S301  our own, of a moment ago
    return function(task)


class TravellingEngine:
    """Runs each task in another process, that was not forked from this one."""

    def map(self, function, tasks):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
            return iter(list(elsewhere.map(run, [pickle.dumps((function, t)) for t in tasks])))


class TravellingLakeResource(LakeResource):
    """A lake whose shards are worked on elsewhere."""

    def open(self):
        lake = super().open()
        return Lake(lake.root, lake.shards, TravellingEngine())
