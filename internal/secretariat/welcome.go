package secretariat

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// CallerOf is the caller that access has let in.
func CallerOf(v access.Visit) Caller {
	c := Caller{Person: seat.Person(v.Person.ID)}
	if id, ok := strings.CutPrefix(v.Pass.Purpose, convenes); ok {
		c.Convenes = id
	}
	return c
}

const convenes = "convene:"

// ConvenePurpose is the purpose of a first link, which lets its bearer convene
// the talks of that id.
func ConvenePurpose(id string) string { return convenes + id }

// Welcome submits an act that gives a seat to somebody whom access does not
// know yet: it enrols the person under the name that the act gives, submits
// the act for them, and makes their one-time link. An act that is refused enrols
// nobody; one that is refused only when it is entered, because another came in
// between, leaves a person who is seated nowhere and can come in by no way.
// Acts without a person, or with one who is given, are submitted as they are.
//
// Sent again under the same request id, it seats nobody twice: the person is
// found in the first answer, which is given again. Of a link only a digest is
// kept, so the first cannot be shown again. As long as it would be good and
// nobody has come in by it, it is taken away and another is made; afterwards
// there is none.
//
// When it returns without error, fields["person"] is who was seated.
func (d *Desk) Welcome(ctx context.Context, door *access.Door, id string, who Caller, act string, fields map[string][]string, request string) (Answer, *access.Token, error) {
	if !wantsPerson(act) || strings.Join(fields["person"], "") != "" {
		answer, err := d.submitFields(ctx, id, who, act, fields, request)
		return answer, nil, err
	}
	if err := d.mayWelcome(ctx, id, who, act); err != nil {
		return Answer{}, nil, err
	}
	answer, link, known, err := d.welcomeAgain(ctx, door, id, who, act, fields, request)
	if known || err != nil {
		return answer, link, err
	}
	if no := d.wouldSeat(ctx, id, who, act, fields); no != nil {
		// The same request may have come in meanwhile, and be what stands in the way.
		if answer, link, known, err := d.welcomeAgain(ctx, door, id, who, act, fields, request); known {
			return answer, link, err
		}
		return Answer{}, nil, no
	}
	person, err := door.Enrol(ctx, strings.Join(fields["name"], ""), id)
	if err != nil {
		return Answer{}, nil, err
	}
	fields["person"] = []string{string(person.ID)}
	if answer, err = d.submitFields(ctx, id, who, act, fields, request); err != nil {
		if ruling.Of(err).Key == "request-reused" { // the same request came in meanwhile
			if answer, link, known, again := d.welcomeAgain(ctx, door, id, who, act, fields, request); known {
				return answer, link, again
			}
		}
		return Answer{}, nil, err
	}
	token, _, err := door.Invite(ctx, person.ID, "")
	return answer, &token, err
}

// wouldSeat has an act ruled on for somebody who is nobody yet, and enters
// nothing; so that acts that are refused enrol no people, who would stay.
func (d *Desk) wouldSeat(ctx context.Context, id string, who Caller, act string, fields map[string][]string) error {
	tried := maps.Clone(fields)
	tried["person"] = []string{"nobody-yet"}
	a, err := Acts.FromWords(act, tried)
	if err != nil {
		return err
	}
	f, err := d.file(ctx, id)
	if err != nil {
		return err
	}
	if err := f.reading(ctx); err != nil {
		return err
	}
	defer f.mu.RUnlock()
	s, _ := f.seat(who)
	at, err := f.time()
	if err != nil {
		return err
	}
	switch a := a.(type) {
	case room.Act:
		r, _, _ := f.roomOf(a.Room(s))
		_, err = r.Decide(a, f.table(), s, at)
	case talks.Act:
		_, err = f.talks.Decide(a, s, at)
	}
	return err
}

func (d *Desk) submitFields(ctx context.Context, id string, who Caller, act string, fields map[string][]string, request string) (Answer, error) {
	a, err := Acts.FromWords(act, fields)
	if err != nil {
		return Answer{}, err
	}
	return d.Submit(ctx, id, who, Submission{Act: a, Request: request})
}

// welcomeAgain gives the first answer to a request that has seated somebody
// before. known is false if there was no such request.
func (d *Desk) welcomeAgain(ctx context.Context, door *access.Door, id string, who Caller, act string, fields map[string][]string, request string) (Answer, *access.Token, bool, error) {
	person, at, known, err := d.seatedBy(ctx, id, who, act, request)
	if err != nil || !known {
		return Answer{}, nil, false, err
	}
	fields["person"] = []string{string(person)}
	answer, err := d.submitFields(ctx, id, who, act, fields, request)
	if err != nil {
		return Answer{}, nil, true, err
	}
	link, err := d.linkAgain(ctx, door, id, access.PersonID(person), at)
	return answer, link, true, err
}

// linkAgain makes another link for a person who was seated at a time, in place
// of one that nobody has come in by, or that was never made because the house
// stopped at that moment. Whoever has come in needs none, whoever was shut out
// gets none; and for somebody who has to do with other talks none is made here,
// for it would let its bearer in there as well.
func (d *Desk) linkAgain(ctx context.Context, door *access.Door, talks string, id access.PersonID, seated time.Time) (*access.Token, error) {
	p, err := door.Person(ctx, id)
	if err != nil || len(p.Talks) != 1 || p.Talks[0] != talks {
		return nil, err
	}
	life := door.LinkLife
	if life == 0 {
		life = access.LinkLife
	}
	all, err := door.Store.Passes(ctx, id)
	if err != nil {
		return nil, err
	}
	good, err := door.Passes(ctx, id)
	if err != nil {
		return nil, err
	}
	came := slices.ContainsFunc(all, func(p access.Pass) bool { return p.Kind != access.Link || !p.Used.IsZero() })
	if came || len(good) == 0 && len(all) > 0 || d.now().Sub(seated) >= life {
		return nil, nil
	}
	for _, p := range good {
		if err := door.Revoke(ctx, id, p.Handle()); err != nil {
			return nil, err
		}
	}
	link, _, err := door.Invite(ctx, id, "")
	return &link, err
}

// seatedBy finds, in the first answer to a request, whom it seated and when.
func (d *Desk) seatedBy(ctx context.Context, id string, who Caller, act, request string) (person seat.Person, at time.Time, known bool, err error) {
	if request == "" {
		return "", at, false, nil
	}
	f, err := d.file(ctx, id)
	if err != nil {
		return "", at, false, err
	}
	if err := f.reading(ctx); err != nil {
		return "", at, false, err
	}
	s, seated := f.seat(who)
	f.mu.RUnlock()
	if !seated {
		return "", at, false, ruling.Nothing()
	}
	r, known, err := d.log.Request(ctx, requestKey(id, s, act, request))
	if err != nil || !known {
		return "", at, false, d.told(err)
	}
	a, err := f.first(ctx, &outcome{stored: &r, seat: s})
	if err != nil {
		return "", at, false, err
	}
	for _, e := range a.Entries {
		envelope, err := catalogue.Unfold(e.Content.Structure.Bytes)
		if err != nil {
			return "", at, false, d.told(err)
		}
		var seats struct {
			Person seat.Person `json:"person"`
		}
		if err := json.Unmarshal(envelope.Structure, &seats); err == nil && seats.Person != "" {
			return seats.Person, e.Time, true, nil
		}
	}
	return "", at, false, nil
}

// mayWelcome refuses early whoever is not entitled to the act, so that nobody
// is enrolled for them. It says so to those who are seated, as the talks would.
func (d *Desk) mayWelcome(ctx context.Context, id string, who Caller, act string) error {
	return d.Look(ctx, id, who, func(s Sight) error {
		switch {
		case !s.Seated:
			return ruling.Nothing()
		case !s.Seat.Permits(act):
			spec, _ := Acts.Spec(act)
			role := s.Seat.Role
			if s.Seat.Chair {
				role = seat.Chair
			}
			return ruling.No(ruling.Denied, spec.Rule, "not-entitled", "Role", phrasebook.Term("role."+string(role)), "Act", phrasebook.Term("act."+act))
		}
		return nil
	})
}

func wantsPerson(act string) bool {
	spec, ok := Acts.Spec(act)
	if !ok {
		return false
	}
	for _, f := range spec.Fields {
		if f.Kind == catalogue.Person {
			return true
		}
	}
	return false
}
