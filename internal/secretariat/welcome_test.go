package secretariat_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/memory"
	"parley/internal/ruling"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A doorstep is a stage with a door.
type doorstep struct {
	stage
	door *access.Door
}

func newDoorstep(t *testing.T) doorstep {
	s := newStage(t, new(memory.Log))
	return doorstep{s, &access.Door{Store: new(memory.Access), Now: func() time.Time { return s.Clock }, Rand: rand.NewChaCha8([32]byte{3})}}
}

// welcome has somebody accredit Wanjiku under a request id, with other fields
// than usual if need be. It returns the link's token, empty if there is none.
func (s doorstep) welcome(who, request string, more map[string][]string) (secretariat.Answer, string, string, error) {
	fields := map[string][]string{"party": {"kenya"}, "name": {"Wanjiku Mw"}, "as": {"delegate"}}
	maps.Copy(fields, more)
	a, link, err := s.Desk.Welcome(context.Background(), s.door, "lake", caller(who), "accredit", fields, request)
	person, token := "", ""
	if len(fields["person"]) > 0 {
		person = fields["person"][0]
	}
	if link != nil {
		token = link.Text()
	}
	return a, token, person, err
}

func (s doorstep) people() int {
	all, err := s.door.People(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return len(all)
}

// TestWelcomedTwice: the answer to an accreditation is lost on the way. Sent
// again, it seats the same person, once, with a link that works in place of the
// one that nobody has seen.
func TestWelcomedTwice(t *testing.T) {
	s := newDoorstep(t)
	first, lost, wanjiku, err := s.welcome("ada", "r1", nil)
	if err != nil || lost == "" || wanjiku == "" {
		t.Fatalf("%q %q: %v", lost, wanjiku, err)
	}
	again, link, who, err := s.welcome("ada", "r1", nil)
	if err != nil || !again.Repeated || who != wanjiku || again.Entries[0].Number != first.Entries[0].Number {
		t.Errorf("again: %+v, %q: %v", again, who, err)
	}
	if s.people() != 1 {
		t.Errorf("%d people were enrolled", s.people())
	}
	if _, _, err := s.door.Redeem(t.Context(), lost, "a telephone"); err == nil {
		t.Error("two links are out, and both work")
	}
	_, v, err := s.door.Redeem(t.Context(), link, "a telephone")
	if err != nil || string(v.Person.ID) != wanjiku {
		t.Errorf("the second link lets in %+v: %v", v, err)
	}
	// She is in: whoever sends it once more gets the answer, and no way in as her.
	again, link, who, err = s.welcome("ada", "r1", nil)
	if err != nil || !again.Repeated || link != "" || who != wanjiku {
		t.Errorf("once more: %q %q: %v", link, who, err)
	}
	// Another desk of the same house answers likewise.
	s.Desk = s.Another()
	if again, _, who, err = s.welcome("ada", "r1", nil); err != nil || !again.Repeated || who != wanjiku {
		t.Errorf("after a restart: %q: %v", who, err)
	}
	// With other words it is another act.
	if _, _, _, err := s.welcome("ada", "r1", map[string][]string{"name": {"Somebody Else"}}); ruling.Of(err).Key != "request-reused" {
		t.Errorf("with another name: %v", err)
	}
	if s.people() != 1 {
		t.Errorf("%d people were enrolled", s.people())
	}
}

// TestShutOutIsShutOut: sending an old request again is no way back in for
// somebody who was shut out, nor after the time in which the link was good.
func TestShutOutIsShutOut(t *testing.T) {
	s := newDoorstep(t)
	_, _, wanjiku, err := s.welcome("ada", "r1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.door.RevokeAll(t.Context(), access.PersonID(wanjiku)); err != nil {
		t.Fatal(err)
	}
	if a, link, _, err := s.welcome("ada", "r1", nil); err != nil || link != "" || !a.Repeated {
		t.Errorf("shut out, and let in again: %q %v", link, err)
	}
	_, _, _, err = s.welcome("ada", "r2", map[string][]string{"name": {"Barasa Ke"}})
	if err != nil {
		t.Fatal(err)
	}
	s.Clock = s.Clock.Add(access.LinkLife)
	if _, link, _, err := s.welcome("ada", "r2", map[string][]string{"name": {"Barasa Ke"}}); err != nil || link != "" {
		t.Errorf("three days later: %q %v", link, err)
	}
}

// TestWelcomedAtOnce: the same request comes in many times at once; one person
// is seated, and everybody gets the same answer.
func TestWelcomedAtOnce(t *testing.T) {
	s := newDoorstep(t)
	var mu sync.Mutex
	s.door.Rand = locked{&mu, s.door.Rand.(*rand.ChaCha8)}
	s.do("ada", talks.AdmitParty{Party: "tanzania", Name: "Tanzania"}, "")
	var wg sync.WaitGroup
	seated := map[string]int{}
	for range 16 {
		wg.Go(func() { // there is one head, so that the first stands in the others' way
			a, _, who, err := s.welcome("ada", "r1", map[string][]string{"party": {"tanzania"}, "as": {"head"}})
			if err != nil || len(a.Entries) != 1 {
				t.Errorf("%v %v", a, err)
			}
			mu.Lock()
			seated[who]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(seated) != 1 {
		t.Errorf("they were told of %v", seated)
	}
}

type locked struct {
	mu   *sync.Mutex
	from *rand.ChaCha8
}

func (l locked) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.from.Read(p)
}

// TestWhoMayWelcome: nobody is enrolled for somebody who is not entitled to the
// act; those seated are told so by its rule, the others as of what does not exist.
func TestWhoMayWelcome(t *testing.T) {
	s := newDoorstep(t)
	fields := func() map[string][]string { return map[string][]string{"name": {"Hugo"}} }
	_, _, err := s.Desk.Welcome(t.Context(), s.door, "lake", caller("njeri"), "name-host", fields(), "")
	if no := ruling.Of(err); no.Kind != ruling.Denied || no.Rule != 5 || no.Key != "not-entitled" {
		t.Errorf("Njeri: %v", err)
	}
	_, _, err = s.Desk.Welcome(t.Context(), s.door, "lake", caller("mallory"), "name-host", fields(), "")
	if no := ruling.Of(err); no.Kind != ruling.Absent || no.Rule != 0 {
		t.Errorf("Mallory: %v", err)
	}
	if s.people() != 0 {
		t.Errorf("%d people were enrolled", s.people())
	}
}

// TestRefusedEnrolNobody: whoever has a head seated where there is one, or in a
// delegation of others, leaves nobody behind in the house.
func TestRefusedEnrolNobody(t *testing.T) {
	s := newDoorstep(t)
	for _, more := range []map[string][]string{{"as": {"head"}}, {"party": {"uganda"}}, {"party": {"nowhere"}}, {"name": {" "}}} {
		if _, _, _, err := s.welcome("njeri", "", more); err == nil {
			t.Errorf("%v is in order", more)
		}
	}
	if s.people() != 0 {
		t.Errorf("%d people were enrolled", s.people())
	}
}

// TestNoLinkToSomebodyElse: Njeri seats somebody whose id she knows from other
// talks, and sends the same request again without the id, as if it were for a
// newcomer. She gets no link to come in as them, and theirs stays good.
func TestNoLinkToSomebodyElse(t *testing.T) {
	s := newDoorstep(t)
	mary, err := s.door.Enrol(t.Context(), "Mary", "alps")
	if err != nil {
		t.Fatal(err)
	}
	hers, _, err := s.door.Invite(t.Context(), mary.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, link, _, err := s.welcome("njeri", "r1", map[string][]string{"person": {string(mary.ID)}}); err != nil || link != "" {
		t.Fatalf("seating Mary: %q, %v", link, err)
	}
	if _, link, _, err := s.welcome("njeri", "r1", nil); err != nil || link != "" {
		t.Errorf("again: link %q, %v", link, err)
	}
	if _, _, err := s.door.Redeem(t.Context(), hers.Text(), "her telephone"); err != nil {
		t.Errorf("Mary's own link: %v", err)
	}
}
