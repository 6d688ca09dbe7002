package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A delegationsView is who sits where, as printed lists side by side.
type delegationsView struct {
	frame
	Lists  []delegation
	Venue  []fact
	Others []register // expected, and asking to attend
	Forms  []form
}

// A delegation is one printed list.
type delegation struct {
	Side    string // for the mark; empty for those of no side
	Heading string
	Note    string
	People  []delegate
}

type delegate struct {
	Place   string // head of delegation, chair …; empty for members
	Name    string
	Offices string
	Powers  string
	Missing string // what ought to be on the record and is not
	Present bool
}

// A fact is a word and what it says here.
type fact struct{ Word, Says string }

func (h *house) delegationsPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var d delegationsView
	admitted, err := h.admission(r, v)
	if err != nil {
		return err
	}
	err = h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		d.frame = h.frame(voice, s, "delegations")
		d.Lists = lists(voice, s.Talks)
		d.Venue = venueFacts(voice, s.Talks)
		d.Others = awaited(voice, s, admitted)
		d.Forms = h.formsOn("delegations", voice, s)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, delegations(d))
}

// lists are the mediation first, then the parties by rule 4, then those of no side.
func lists(v *voice, t *talks.Talks) []delegation {
	present := map[seat.Key]bool{}
	if m := t.Meeting(); m != nil {
		for _, k := range m.Present {
			present[k] = true
		}
	}
	mediation := delegation{Side: seat.Mediation, Heading: v.title(seat.Mediation), Note: v.say("page.list-mediation")}
	others := delegation{Heading: v.say("page.list-others"), Note: v.say("page.list-others-note")}
	parties := make([]delegation, len(t.Parties))
	for i, p := range t.Parties {
		parties[i] = delegation{Side: string(p.Key), Heading: v.title(string(p.Key))}
	}
	for _, s := range ranked(t) {
		who := v.delegate(s)
		who.Present = present[s.Key]
		switch {
		case s.Role == seat.Mediator || s.Role == seat.Team:
			mediation.People = append(mediation.People, who)
		case s.Role.OfParty():
			i := slices.IndexFunc(t.Parties, func(p talks.Party) bool { return p.Key == s.Party })
			if i >= 0 {
				parties[i].People = append(parties[i].People, who)
			}
		default:
			others.People = append(others.People, who)
		}
	}
	for i := range parties {
		parties[i].Note = v.say("page.list-party", "Count", len(parties[i].People))
	}
	all := append([]delegation{mediation}, parties...)
	if len(others.People) > 0 {
		all = append(all, others)
	}
	return all
}

// ranked is the seats with whoever leads a list at its head.
func ranked(t *talks.Talks) []seat.Seat {
	list := slices.Clone(t.Seats)
	for i := range list {
		list[i].Chair = list[i].Key == t.ChairBy
	}
	first := func(s seat.Seat) int {
		switch {
		case s.Chair:
			return 0
		case s.Role == seat.Mediator || s.Role == seat.Head:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b seat.Seat) int { return first(a) - first(b) })
	return list
}

func (v *voice) delegate(s seat.Seat) delegate {
	d := delegate{Name: s.Name, Offices: s.Offices}
	switch {
	case s.Chair && s.Role == seat.Mediator:
		d.Place = v.segments("page.place-two", "A", phrasebook.Term("role.chair"), "B", phrasebook.Term("role.mediator")).String()
	case s.Chair:
		d.Place = v.say("role.chair")
	case s.Role != seat.Delegate && s.Role != seat.Team:
		d.Place = v.say("role." + string(s.Role))
	}
	var powers []string
	for _, p := range s.Powers {
		powers = append(powers, v.say("page.power", "Power", phrasebook.Term("power."+string(p))))
	}
	if len(powers) > 0 {
		d.Powers = v.say("page.powers", "Powers", strings.Join(powers, ", "))
	} else if s.Role == seat.Head {
		d.Missing = v.say("page.powers-missing")
	}
	return d
}

func venueFacts(v *voice, t *talks.Talks) (list []fact) {
	for _, f := range []fact{{"field.place", t.Venue.Place}, {"field.format", t.Venue.Format}, {"field.seating", t.Venue.Seating}} {
		if f.Says != "" {
			list = append(list, fact{v.say(f.Word), f.Says})
		}
	}
	return list
}

// awaited are those who are expected or ask to attend, and how that went.
func awaited(v *voice, s secretariat.Sight, admitted admission) (list []register) {
	joint := record.JointName(s.ID)
	line := func(number int64, name, note, said string) registered {
		return registered{Number: strconv.FormatInt(number, 10), Href: hrefProof(joint, number), Title: name, Words: note, Note: said}
	}
	expected, requests := register{Heading: v.say("page.expected")}, register{Heading: v.say("page.requests")}
	for _, x := range s.Talks.Expected {
		if !admitted.heard(x.Number) {
			continue
		}
		said := ""
		switch {
		case x.Absent && x.Reason != "":
			said = v.say("page.expected-absent-why", "Reason", phrasebook.Words(x.Reason))
		case x.Absent:
			said = v.say("page.expected-absent")
		case x.Source != "":
			said = v.say("aside.source", "Source", phrasebook.Words(x.Source))
		}
		expected.Lines = append(expected.Lines, line(x.Number, x.Name, x.Offices, said))
	}
	for _, x := range s.Talks.Requests {
		if !admitted.heard(x.Number) {
			continue
		}
		key := "page.request-open"
		switch {
		case x.Admitted:
			key = "page.request-admitted"
		case x.Ruled:
			key = "page.request-declined"
		}
		requests.Lines = append(requests.Lines, line(x.Number, x.Name, x.Reason, v.say(key, "As", phrasebook.Term("role."+string(x.As)))))
	}
	for _, r := range []register{expected, requests} {
		if len(r.Lines) > 0 {
			list = append(list, r)
		}
	}
	return list
}
