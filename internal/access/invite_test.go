package access_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/access/accesstest"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// A table has the mediator, two heads and what their seats are.
type table struct {
	*house
	ada, wanjiru, okello access.Officer // mediator; heads of Kenya and of Uganda
	devices              map[access.PersonID]*accesstest.Device
}

func newTable(t *testing.T) *table {
	h := newSite(t)
	devices := map[access.PersonID]*accesstest.Device{}
	sit := func(name string, s seat.Seat) access.Officer {
		d := device()
		_, v := h.settle(t, name, d)
		devices[v.Person.ID] = d
		ok(t, h.Join(t.Context(), v.Person.ID, "lake"))
		s.Person = seat.Person(v.Person.ID)
		return access.Officer{Visit: v, Seat: s}
	}
	return &table{h, sit("Ada Lindqvist", seat.Seat{Role: seat.Mediator}),
		sit("Wanjiru Kamau", seat.Seat{Role: seat.Head, Party: "kenya"}), sit("Okello Achieng", seat.Seat{Role: seat.Head, Party: "uganda"}), devices}
}

// anew signs an officer in with their passkey once more.
func (h *table) anew(t *testing.T, o access.Officer) access.Visit {
	t.Helper()
	_, v, err := h.login(t, h.devices[o.Person.ID])
	ok(t, err)
	return v
}

var kenyan = access.Place{Talks: "lake", Party: "kenya", Role: seat.Delegate}

// arrive has somebody open a link or type a code, and says what they hold.
func (h *table) arrive(t *testing.T, token access.Token) (string, access.Newcomer) {
	t.Helper()
	cookie, _, err := h.Redeem(t.Context(), token.Groups(), "a phone")
	ok(t, err)
	n, err := h.Waiting(t.Context(), cookie.Text())
	ok(t, err)
	return cookie.Text(), n
}

func (h *table) invite(t *testing.T, by access.Officer, name string, to access.Place, codes int) (access.Person, []access.Token) {
	t.Helper()
	p, tokens, err := h.InviteNewcomer(t.Context(), by, name, to, codes)
	ok(t, err)
	return p, tokens
}

func TestANewcomerIsConfirmedByTheHeadOfTheDelegation(t *testing.T) {
	h := newTable(t)
	njeri, links := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 0)
	cookie, waiting := h.arrive(t, links[0])
	if waiting.Person.ID != njeri.ID || waiting.Pass.Place != kenyan || !regexp.MustCompile(`^(\d{4} ){7}\d{4}$`).MatchString(waiting.Fingerprint) {
		t.Errorf("she waits as %+v", waiting)
	}
	_, err := h.Who(t.Context(), cookie)
	refusal(t, "before she is confirmed", err, ruling.Denied, "not-confirmed")

	phone := device()
	_, err = h.register(t, waiting.Visit, phone)
	ok(t, err)
	_, _, err = h.login(t, phone)
	refusal(t, "with her passkey, before she is confirmed", err, ruling.Denied, "not-confirmed")

	list, err := h.Newcomers(t.Context(), h.wanjiru, "lake")
	ok(t, err)
	if len(list) != 1 || list[0].Person.Name != "Njeri Wanjohi" || list[0].Fingerprint == waiting.Fingerprint {
		t.Fatalf("the head sees %+v", list)
	}
	err = h.ConfirmNewcomer(t.Context(), h.wanjiru, "lake", list[0].Pass.Handle(), waiting.Fingerprint)
	refusal(t, "with numbers from before the passkey", err, ruling.Stale, "fingerprint-changed")
	for name, by := range map[string]access.Officer{"the mediator": h.ada, "the other head": h.okello,
		"the other head with the head's seat": {Visit: h.okello.Visit, Seat: h.wanjiru.Seat}} {
		if seen, err := h.Newcomers(t.Context(), by, "lake"); err != nil || len(seen) != 0 {
			t.Errorf("%s sees %v, %v", name, seen, err)
		}
		err := h.ConfirmNewcomer(t.Context(), by, "lake", list[0].Pass.Handle(), list[0].Fingerprint)
		refusal(t, name, err, ruling.Absent, "nothing-here")
	}
	ok(t, h.ConfirmNewcomer(t.Context(), h.wanjiru, "lake", list[0].Pass.Handle(), list[0].Fingerprint))
	h.who(t, cookie)
	_, v, err := h.login(t, phone)
	ok(t, err)
	if v.Person.ID != njeri.ID || v.Pass.Place != kenyan {
		t.Errorf("she comes in as %+v", v)
	}
	_, err = h.Waiting(t.Context(), cookie)
	refusal(t, "waiting once confirmed", err, ruling.Absent, "nothing-here")
}

// Threat 13: whoever has the link first gets a login that opens nothing, and
// the numbers they would have to read out are not those that Njeri reads.
func TestThreat13AForwardedInvitationOpensNothing(t *testing.T) {
	h := newTable(t)
	njeri, links := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 0)
	cookie, mallory := h.arrive(t, links[0])
	_, _, err := h.Redeem(t.Context(), links[0].Text(), "Njeri's phone")
	refusal(t, "Njeri, afterwards", err, ruling.Denied, "link-not-good")
	_, err = h.register(t, mallory.Visit, device())
	ok(t, err)
	_, err = h.Who(t.Context(), cookie)
	refusal(t, "Mallory", err, ruling.Denied, "not-confirmed")

	ok(t, h.RevokeMember(t.Context(), h.wanjiru, "lake", seat.Seat{Person: seat.Person(njeri.ID), Party: "kenya", Role: seat.Delegate}))
	_, err = h.Waiting(t.Context(), cookie)
	refusal(t, "Mallory, once the head was told", err, ruling.Denied, "not-signed-in")
	again, err := h.InviteAgain(t.Context(), h.wanjiru, "lake", seat.Seat{Person: seat.Person(njeri.ID), Party: "kenya", Role: seat.Delegate}, 0)
	ok(t, err)
	_, waits := h.arrive(t, again[0])
	if waits.Person.ID != njeri.ID || waits.Fingerprint == mallory.Fingerprint {
		t.Errorf("Njeri waits as %+v", waits)
	}
}

func TestThreat13AHundredAcceptOneInvitation(t *testing.T) {
	h := newTable(t)
	h.Rand = locked(h.Rand)
	h.Log = nil
	_, links := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 0)
	var won, lost atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, v, err := h.Redeem(context.Background(), links[0].Text(), "")
			var no *ruling.Refusal
			switch {
			case err == nil && v.Pass.Waits():
				won.Add(1)
			case errors.As(err, &no) && no.Key == "link-not-good":
				lost.Add(1)
			default:
				t.Errorf("%+v, %v", v, err)
			}
		})
	}
	all.Wait()
	list, err := h.Newcomers(t.Context(), h.wanjiru, "lake")
	ok(t, err)
	if won.Load() != 1 || lost.Load() != 99 || len(list) != 1 {
		t.Errorf("%d came in, %d were turned away, %d wait", won.Load(), lost.Load(), len(list))
	}
}

func TestAnInvitationRunsOut(t *testing.T) {
	h := newTable(t)
	_, links := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 2)
	h.arrive(t, links[0])
	h.clock = h.clock.Add(access.LinkLife)
	_, _, err := h.Redeem(t.Context(), links[1].Text(), "")
	refusal(t, "after three days", err, ruling.Denied, "link-not-good")
	if list, err := h.Newcomers(t.Context(), h.wanjiru, "lake"); err != nil || len(list) != 0 {
		t.Errorf("who waits: %v, %v", list, err)
	}
}

// A printed sheet has several codes; one confirmation is for them all, and
// what is done by it is not key-signed.
func TestAPrintedSheet(t *testing.T) {
	h := newTable(t)
	_, codes := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 3)
	if len(codes) != 3 || !regexp.MustCompile(`^([0-9a-z]{4}-){6}[0-9a-z]{2}$`).MatchString(codes[0].Groups()) {
		t.Fatalf("%d codes, such as %q", len(codes), codes[0].Groups())
	}
	first, waits := h.arrive(t, codes[0])
	ok(t, h.ConfirmNewcomer(t.Context(), h.wanjiru, "lake", waits.Pass.Handle(), waits.Fingerprint))
	v := h.who(t, first)
	if v.KeySigned() || v.Pass.Means != access.BySheet {
		t.Errorf("she comes in as %+v", v)
	}
	second, _, err := h.Redeem(t.Context(), strings.ToUpper(codes[1].Groups()), "")
	ok(t, err)
	h.who(t, second.Text())
	_, _, err = h.BeginStepUp(t.Context(), v, nil)
	refusal(t, "signing without a passkey", err, ruling.OutOfOrder, "no-passkey")
	ok(t, h.RevokeSheet(t.Context(), v))
	for _, cookie := range []string{first, second.Text()} {
		_, err := h.Who(t.Context(), cookie)
		refusal(t, "once the sheet is revoked", err, ruling.Denied, "not-signed-in")
	}
	_, _, err = h.Redeem(t.Context(), codes[2].Text(), "")
	refusal(t, "the last code", err, ruling.Denied, "link-not-good")
	for _, n := range []int{-1, 21} {
		_, _, err := h.InviteNewcomer(t.Context(), h.wanjiru, "Mwangi Otieno", kenyan, n)
		refusal(t, "a sheet of that many", err, ruling.Invalid, "sheet-codes")
	}
}

func TestNobodySeatsAnybodyElsewhere(t *testing.T) {
	h := newTable(t)
	_, host := h.settle(t, "Farouk Haddad", device())
	hosts := access.Officer{Visit: host, Seat: seat.Seat{Person: seat.Person(host.Person.ID), Role: seat.Host}}
	ugandan := access.Place{Talks: "lake", Party: "uganda", Role: seat.Delegate}
	for name, c := range map[string]struct {
		by access.Officer
		to access.Place
	}{
		"the host":                      {hosts, kenyan},
		"the other head":                {h.okello, kenyan},
		"a head, for the other side":    {h.wanjiru, ugandan},
		"a head, another head":          {h.wanjiru, access.Place{Talks: "lake", Party: "kenya", Role: seat.Head}},
		"a head, without saying where":  {h.wanjiru, access.Place{Role: seat.Delegate, Party: "kenya"}},
		"by a seat that is another's":   {access.Officer{Visit: h.okello.Visit, Seat: h.wanjiru.Seat}, kenyan},
		"by no seat":                    {access.Officer{Visit: h.okello.Visit}, kenyan},
		"the mediator, a capital":       {h.ada, access.Place{Talks: "lake", Party: "kenya", Role: seat.Capital}},
		"the mediator, the secretariat": {h.ada, access.Place{Talks: "lake", Role: seat.Secretariat}},
	} {
		people, err := h.People(t.Context())
		ok(t, err)
		_, _, err = h.InviteNewcomer(t.Context(), c.by, "Mallory", c.to, 0)
		refusal(t, name, err, ruling.Absent, "nothing-here")
		if after, _ := h.People(t.Context()); len(after) != len(people) {
			t.Errorf("%s: somebody was enrolled", name)
		}
	}
	// A head may not turn an invitation of their own into the other side's seat.
	_, err := h.InviteAgain(t.Context(), h.okello, "lake", h.wanjiru.Seat, 0)
	refusal(t, "a link into the other head's seat", err, ruling.Absent, "nothing-here")
	refusal(t, "the other head revoked", h.RevokeMember(t.Context(), h.okello, "lake", h.wanjiru.Seat), ruling.Absent, "nothing-here")
	refusal(t, "a head revoked by the mediator", h.RevokeMember(t.Context(), h.ada, "lake", h.wanjiru.Seat), ruling.Absent, "nothing-here")
}

// Mediator and operator together cannot take the head's place while the
// delegation has a passkey: the mediator's link waits for somebody within.
func TestRecoveryOfAHead(t *testing.T) {
	h := newTable(t)
	head := access.Place{Talks: "lake", Party: "tanzania", Role: seat.Head}
	juma, links := h.invite(t, h.ada, "Juma Mrisho", head, 0)
	_, waits := h.arrive(t, links[0])
	phone := device()
	_, err := h.register(t, waits.Visit, phone)
	ok(t, err)
	first, err := h.Newcomers(t.Context(), h.ada, "lake")
	ok(t, err)
	ok(t, h.ConfirmNewcomer(t.Context(), h.ada, "lake", first[0].Pass.Handle(), first[0].Fingerprint)) // the first of a delegation
	hisSeat := seat.Seat{Person: seat.Person(juma.ID), Party: "tanzania", Role: seat.Head}

	h.clock = h.clock.Add(time.Minute)
	again, err := h.InviteAgain(t.Context(), h.ada, "lake", hisSeat, 0)
	ok(t, err)
	taken, mallory := h.arrive(t, again[0])
	err = h.ConfirmNewcomer(t.Context(), h.ada, "lake", mallory.Pass.Handle(), mallory.Fingerprint)
	refusal(t, "the mediator, once the delegation is settled", err, ruling.Absent, "nothing-here")
	_, err = h.Who(t.Context(), taken)
	refusal(t, "what the mediator took", err, ruling.Denied, "not-confirmed")

	_, v, err := h.login(t, phone) // by a second device of his own
	ok(t, err)
	ok(t, h.ConfirmNewcomer(t.Context(), access.Officer{Visit: v, Seat: hisSeat}, "lake", mallory.Pass.Handle(), mallory.Fingerprint))
	h.who(t, taken)
}

// A head on paper is as settled as one with a passkey, while the sheet is good.
func TestRecoveryOfAHeadOnPaper(t *testing.T) {
	h := newTable(t)
	juma, codes := h.invite(t, h.ada, "Juma Mrisho", access.Place{Talks: "lake", Party: "tanzania", Role: seat.Head}, 2)
	cookie, waits := h.arrive(t, codes[0])
	ok(t, h.ConfirmNewcomer(t.Context(), h.ada, "lake", waits.Pass.Handle(), waits.Fingerprint))
	again, err := h.InviteAgain(t.Context(), h.ada, "lake", seat.Seat{Person: seat.Person(juma.ID), Party: "tanzania", Role: seat.Head}, 0)
	ok(t, err)
	_, mallory := h.arrive(t, again[0])
	err = h.ConfirmNewcomer(t.Context(), h.ada, "lake", mallory.Pass.Handle(), mallory.Fingerprint)
	refusal(t, "the mediator, while he has a code", err, ruling.Absent, "nothing-here")
	paper := access.Officer{Visit: h.who(t, cookie), Seat: seat.Seat{Person: seat.Person(juma.ID), Party: "tanzania", Role: seat.Head}}
	err = h.ConfirmNewcomer(t.Context(), paper, "lake", mallory.Pass.Handle(), mallory.Fingerprint)
	refusal(t, "himself, by paper", err, ruling.Absent, "nothing-here")
	h.clock = h.clock.Add(access.LinkLife)
	h.ada.Visit = h.anew(t, h.ada)
	again, err = h.InviteAgain(t.Context(), h.ada, "lake", seat.Seat{Person: seat.Person(juma.ID), Party: "tanzania", Role: seat.Head}, 0)
	ok(t, err)
	_, waits = h.arrive(t, again[0])
	ok(t, h.ConfirmNewcomer(t.Context(), h.ada, "lake", waits.Pass.Handle(), waits.Fingerprint))
}

func TestWhoeverWaitsAdministersNothing(t *testing.T) {
	h := newTable(t)
	head := access.Place{Talks: "lake", Party: "tanzania", Role: seat.Head}
	juma, links := h.invite(t, h.ada, "Juma Mrisho", head, 0)
	_, waits := h.arrive(t, links[0])
	by := access.Officer{Visit: waits.Visit, Seat: seat.Seat{Person: seat.Person(juma.ID), Party: "tanzania", Role: seat.Head}}
	_, _, err := h.InviteNewcomer(t.Context(), by, "Mallory", access.Place{Talks: "lake", Party: "tanzania", Role: seat.Delegate}, 0)
	refusal(t, "inviting", err, ruling.Absent, "nothing-here")
	err = h.ConfirmNewcomer(t.Context(), by, "lake", waits.Pass.Handle(), waits.Fingerprint)
	refusal(t, "confirming himself", err, ruling.Absent, "nothing-here")
}

func TestAdministeringAsksForAFreshSignature(t *testing.T) {
	h := newTable(t)
	njeri, links := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 0)
	_, waits := h.arrive(t, links[0])
	h.clock = h.clock.Add(access.FreshFor)
	_, _, err := h.InviteNewcomer(t.Context(), h.wanjiru, "Mwangi Otieno", kenyan, 0)
	refusal(t, "inviting", err, ruling.Denied, "step-up")
	err = h.ConfirmNewcomer(t.Context(), h.wanjiru, "lake", waits.Pass.Handle(), waits.Fingerprint)
	refusal(t, "confirming", err, ruling.Denied, "step-up")
	err = h.RevokeMember(t.Context(), h.wanjiru, "lake", seat.Seat{Person: seat.Person(njeri.ID), Party: "kenya", Role: seat.Delegate})
	refusal(t, "revoking", err, ruling.Denied, "step-up")
}

// Somebody who sits in other talks too is not re-invited or revoked from one of
// them: whoever administers there would decide about a seat elsewhere.
func TestSomebodyOfOtherTalksAsWell(t *testing.T) {
	h := newTable(t)
	njeri, _ := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 0)
	ok(t, h.Join(t.Context(), njeri.ID, "shore"))
	s := seat.Seat{Person: seat.Person(njeri.ID), Party: "kenya", Role: seat.Delegate}
	_, err := h.InviteAgain(t.Context(), h.wanjiru, "lake", s, 0)
	refusal(t, "inviting", err, ruling.Denied, "named-elsewhere")
	refusal(t, "revoking", h.RevokeMember(t.Context(), h.wanjiru, "lake", s), ruling.Denied, "named-elsewhere")
}
