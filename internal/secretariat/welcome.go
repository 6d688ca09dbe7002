package secretariat

import (
	"context"
	"strings"

	"parley/internal/access"
	"parley/internal/catalogue"
	"parley/internal/ruling"
	"parley/internal/seat"
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
// the act for them, and makes their one-time link. An act that is refused makes
// no link, and leaves a person who is seated nowhere and can come in by no way.
// Acts without a person, or with one who is given, are submitted as they are.
func (d *Desk) Welcome(ctx context.Context, door *access.Door, id string, who Caller, act string, fields map[string][]string, request string) (Answer, *access.Token, error) {
	newcomer := wantsPerson(act) && strings.Join(fields["person"], "") == ""
	var person access.Person
	if newcomer {
		if err := d.mayWelcome(ctx, id, who, act); err != nil {
			return Answer{}, nil, err
		}
		var err error
		if person, err = door.Enrol(ctx, strings.Join(fields["name"], ""), id); err != nil {
			return Answer{}, nil, err
		}
		fields["person"] = []string{string(person.ID)}
	}
	a, err := Acts.FromWords(act, fields)
	if err != nil {
		return Answer{}, nil, err
	}
	answer, err := d.Submit(ctx, id, who, Submission{Act: a, Request: request})
	if err != nil || !newcomer {
		return answer, nil, err
	}
	link, _, err := door.Invite(ctx, person.ID, "")
	return answer, &link, err
}

// mayWelcome refuses early whoever is not entitled to the act, so that nobody
// is enrolled for them.
func (d *Desk) mayWelcome(ctx context.Context, id string, who Caller, act string) error {
	return d.Look(ctx, id, who, func(s Sight) error {
		if !s.Seated || !s.Seat.Permits(act) {
			return ruling.Nothing()
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
