"""`clef families index`: after it, an address finds every account, even those stored before the index existed."""

from tests.support.clef import Clef
from tests.support.world import EMAIL, ROSSIGNOL, World


def test_every_account_is_found_by_its_addresses_and_again_changes_nothing(clef: Clef, world: World) -> None:
    world.settle(emails=(EMAIL, "come@example.org"))
    account, mailboxes, pseudonyms = world.account(), world.services.mailboxes, world.services.record.pseudonyms
    world.aws.wipe(world.resources)
    world.database.write_together(world.services.accounts.put(account))
    assert mailboxes.find(pseudonyms.of_mailbox(EMAIL)).refs == ()

    result = clef("families index")

    assert result.out.splitlines() == [
        "Comptes lus : 1. 2 adresses y mènent : c'est enregistré.",
        "Résumés pour les listes du bureau remis à jour : 0.",
    ]
    assert mailboxes.find(pseudonyms.of_mailbox(EMAIL)).refs == (ROSSIGNOL,)
    assert clef("families index --json").json == {"accounts": 1, "addresses": 2, "summaries": 0}
    assert mailboxes.find(pseudonyms.of_mailbox("come@example.org")).refs == (ROSSIGNOL,)
