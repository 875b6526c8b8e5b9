"""A machine's key: issued by somebody else, within what its person holds, gone at once."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.parties.models import ApiKey, User
from scf.parties.permissions import Permission
from scf.parties.selectors import list_api_keys
from scf.parties.services import (
    Answer,
    Asked,
    answer_once,
    create_api_key,
    forget_answers,
    revoke_api_key,
    revoke_role,
    use_api_key,
)

pytestmark = pytest.mark.django_db
VIEW = (Permission.ORDER_VIEW,)


def issue(organization, actor, *, by, scopes=VIEW, days=30):
    return create_api_key(
        organization.pk,
        person_id=actor.person_id,
        name="ERP",
        scopes=scopes,
        expires_at=clock.now() + timedelta(days=days),
        by=by,
    )


def use(key: str):
    _scf, prefix, secret = key.split("_")
    return use_api_key(prefix, secret=secret)


def test_a_key_acts_as_its_person_within_its_scopes(jinhe, ma, opal):
    used = use(issue(jinhe, ma, by=opal).key)

    assert (used.actor.person_id, used.actor.organization_id) == (ma.person_id, jinhe.pk)
    assert used.actor.permissions == {"order:view"}
    assert used.actor.stepped_up_at is None
    assert used.left == used.limit - 1


def test_only_a_hash_of_the_secret_is_kept(jinhe, ma, opal):
    issued = issue(jinhe, ma, by=opal)
    secret = issued.key.split("_")[2]

    assert len(secret) == 64
    row = ApiKey.objects.values().get()
    assert secret not in str(row)


def test_nobody_issues_a_key_for_oneself(yuanfan, chen):
    with pytest.raises(Forbidden) as refusal:
        issue(yuanfan, chen, by=chen)
    assert refusal.value.code == "four_eyes"


def test_a_stranger_and_who_may_not_grant_are_refused(jinhe, ma, nuo, sly):
    with pytest.raises(NotFound):
        issue(jinhe, ma, by=sly)
    with pytest.raises(Forbidden):
        issue(jinhe, nuo, by=ma)


def test_who_signs_for_a_member_issues_and_revokes_its_keys(jinhe, ma, nuo):
    issued = issue(jinhe, ma, by=nuo)
    assert use(issued.key).actor.person_id == ma.person_id
    revoke_api_key(issued.row.prefix, by=nuo)
    with pytest.raises(Forbidden):
        use(issued.key)


@pytest.mark.parametrize("scopes", [(), ("application:approve",), ("order:everything",)])
def test_a_scope_the_person_does_not_hold_is_refused(jinhe, ma, opal, scopes):
    with pytest.raises(RuleBroken) as refusal:
        issue(jinhe, ma, by=opal, scopes=scopes)
    assert refusal.value.code == "key_scopes"


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_life_that_is_over_or_too_long_is_refused(jinhe, ma, opal, days):
    with pytest.raises(RuleBroken) as refusal:
        issue(jinhe, ma, by=opal, days=days)
    assert refusal.value.code == "key_life"


def test_a_revoked_key_is_refused_at_once_and_revoking_twice_is_harmless(jinhe, ma, opal):
    issued = issue(jinhe, ma, by=opal)
    use(issued.key)

    first = revoke_api_key(issued.row.prefix, by=opal)
    second = revoke_api_key(issued.row.prefix, by=opal)

    assert first.revoked_at == second.revoked_at
    with pytest.raises(Forbidden) as refusal:
        use(issued.key)
    assert refusal.value.code == "key_invalid"


def test_a_stranger_cannot_revoke_or_list_it(jinhe, ma, opal, sly):
    issued = issue(jinhe, ma, by=opal)
    with pytest.raises(NotFound):
        revoke_api_key(issued.row.prefix, by=sly)
    assert list(list_api_keys(by=sly)) == []
    assert [row.pk for row in list_api_keys(by=ma)] == [issued.row.pk]


def test_a_wrong_secret_an_unknown_and_an_outdated_key_get_one_answer(jinhe, ma, opal):
    issued = issue(jinhe, ma, by=opal)
    outdated = issue(jinhe, ma, by=opal)
    past = clock.now() - timedelta(days=2)
    ApiKey.objects.filter(pk=outdated.row.pk).update(
        created_at=past, expires_at=past + timedelta(days=1)
    )
    for key in (issued.key[:-1] + "x", "scf_000000000000_" + "0" * 64, outdated.key):
        with pytest.raises(Forbidden) as refusal:
            use(key)
        assert refusal.value.code == "key_invalid"


def test_a_role_taken_away_is_gone_from_the_key_at_once(jinhe, ma, opal):
    issued = issue(jinhe, ma, by=opal)
    revoke_role(jinhe.pk, person_id=ma.person_id, role="member_maker", by=SYSTEM)
    with pytest.raises(Forbidden):
        use(issued.key)


def test_a_person_whose_login_was_closed_has_no_key_either(jinhe, ma, opal):
    issued = issue(jinhe, ma, by=opal)
    User.objects.filter(pk=ma.user_id).update(is_active=False)
    with pytest.raises(Forbidden):
        use(issued.key)


def test_requests_of_a_minute_are_counted(jinhe, ma, opal):
    issued = issue(jinhe, ma, by=opal)
    ApiKey.objects.filter(pk=issued.row.pk).update(requests_a_minute=1)
    counts = [use(issued.key).left for _ in range(3)]
    # The minute may turn once between two of them; without a turn it is 0, -1, -2.
    assert counts[0] == 0
    assert min(counts) < 0


def asked(jinhe, **changes):
    given = {"organization_id": jinhe.pk, "key": "k-1", "route": "POST a", "body_hash": "1" * 64}
    return Asked(**{**given, **changes})


def test_a_request_is_run_once_and_answered_the_same_again(jinhe):
    runs = []

    def run():
        runs.append(1)
        return Answer(201, '{"n": 1}')

    first = answer_once(asked(jinhe), run=run)
    second = answer_once(asked(jinhe), run=run)

    assert (first.status, first.body, first.is_replayed) == (201, '{"n": 1}', False)
    assert (second.status, second.body, second.is_replayed) == (201, '{"n": 1}', True)
    assert runs == [1]


def test_a_key_that_said_something_else_before_is_refused(jinhe):
    answer_once(asked(jinhe), run=lambda: Answer(200, ""))
    with pytest.raises(RuleBroken) as refusal:
        answer_once(asked(jinhe, body_hash="2" * 64), run=lambda: Answer(200, ""))
    assert refusal.value.code == "idempotency_key_reused"


def test_the_same_key_of_another_organization_or_route_is_another_request(jinhe, hengyan):
    answer_once(asked(jinhe), run=lambda: Answer(200, "a"))
    other = answer_once(asked(hengyan), run=lambda: Answer(200, "b"))
    route = answer_once(asked(jinhe, route="POST b"), run=lambda: Answer(200, "c"))
    assert (other.body, route.body) == ("b", "c")


def test_an_act_that_breaks_leaves_no_answer_behind(jinhe):
    def broken():
        raise Conflict("x", code="wrong_state")

    with pytest.raises(Conflict):
        answer_once(asked(jinhe), run=broken)
    assert answer_once(asked(jinhe), run=lambda: Answer(200, "")).is_replayed is False


def test_old_answers_are_forgotten(jinhe):
    answer_once(asked(jinhe), run=lambda: Answer(200, ""))
    assert forget_answers() == 0
    assert forget_answers(before_days=0) == 1


def test_a_manager_issues_and_ends_a_key_from_the_command_line(zhou, chen, capsys):
    call_command("create_api_key", "zhou", "--as", "chen", "--scope", "order:view")
    key = capsys.readouterr().out.strip()
    assert use(key).actor.permissions == {"order:view"}

    call_command("revoke_api_key", key.split("_")[1], "--as", "chen")
    with pytest.raises(Forbidden):
        use(key)
    with pytest.raises(CommandError, match="four_eyes"):
        call_command("create_api_key", "chen", "--as", "chen")
    with pytest.raises(CommandError, match="not_found"):
        call_command("create_api_key", "nobody", "--as", "chen")
