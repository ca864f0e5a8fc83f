"""Periods announced on the deployed stack, whose warm functions would learn of them within ten seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods, today
from chalicelib.stores.periods import PeriodStore
from tools.stack.deployed import Stack


@contextmanager
def open_week(stack: Stack, store: PeriodStore) -> Iterator[None]:
    """Announce a week from today for all sites to functions that start afresh, then the former periods again."""
    before, day = store.read(), today(stack.services.clock())
    store.write(before, Periods(EnrolmentPeriod(day, day + timedelta(days=7))))
    functions, outputs = stack.aws.client("lambda"), stack.outputs
    for name in (outputs.api_function, outputs.applicant_function, outputs.post_function):
        memory = functions.get_function_configuration(FunctionName=name)["MemorySize"]
        functions.update_function_configuration(FunctionName=name, MemorySize=memory)
    yield
    store.write(store.read(), before)
