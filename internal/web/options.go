package web

import (
	"net/url"
	"slices"
	"strconv"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// terms are with which words of the phrasebook the choices of a field are told.
var terms = map[string][]string{
	"as": {"role", "earlier", "outside", "group"}, "kept": {"level"}, "powers": {"power"}, "of": {"turning"}, "rank": {"echelon"}, "standing": {"text-standing"}, "kind": {"text-reserve", "text-kind"}, "keep": {"level"},
}

// term is the key of a choice's word.
func term(v *voice, field, word string) string {
	for _, prefix := range append(terms[field], field) {
		if key := prefix + "." + word; v.book.Has(key) {
			return key
		}
	}
	return field + "." + word
}

// choices are the words of a field that is one, or some, of a few.
func choices(v *voice, s secretariat.Sight, act string, c catalogue.Field, typed url.Values) (list []option) {
	given := typed[c.Name]
	if c.Kind == catalogue.Choice && c.Optional && c.Name != "template" {
		list = append(list, option{Value: "", Label: v.say("page.not-said"), Chosen: len(given) == 0})
	}
	words := c.Choices
	if act == "agree-modality" {
		words = agreeable(s)
	}
	for _, word := range words {
		list = append(list, option{Value: word, Label: v.say(term(v, c.Name, word)), Chosen: slices.Contains(given, word)})
	}
	if c.Kind == catalogue.Choice && len(given) == 0 && len(list) > 0 {
		list[0].Chosen = true
	}
	return list
}

// optionsOf are what a field can name of what there is in the talks; ok is
// false if anything may be typed.
func optionsOf(v *voice, s secretariat.Sight, act string, c catalogue.Field, given []string) (list []option, ok bool) {
	switch {
	case c.Name == "parties", c.Kind == catalogue.PartyKey && act != "admit-party":
		list = partyOptions(v, s, act, c.Optional)
	case c.Kind == catalogue.SeatKey:
		list = mediationOptions(s)
	case c.Name == "side":
		list = waitingOptions(v, s)
	case c.Name == "track" && (act == "open-meeting" || act == "table-text"):
		list = trackOptions(v, s)
	case c.Name == "entry" && slices.Contains(referring, act):
		list = entryOptions(v, s, act)
	default:
		return nil, false
	}
	for i := range list {
		list[i].Chosen = slices.Contains(given, list[i].Value)
	}
	return list, true
}

// partyOptions are the parties that an act of this seat can be about.
func partyOptions(v *voice, s secretariat.Sight, act string, optional bool) (list []option) {
	if optional && s.Seat.Party == "" {
		list = append(list, option{Label: v.say("page.not-said")})
	}
	for _, p := range s.Talks.Parties {
		if s.Seat.Role == seat.Head && act != "name-party" && p.Key != s.Seat.Party {
			continue // a head speaks of their own side, but for what it calls another
		}
		list = append(list, option{Value: string(p.Key), Label: v.title(string(p.Key))})
	}
	return list
}

// mediationOptions are those who may be given the chair.
func mediationOptions(s secretariat.Sight) (list []option) {
	for _, x := range s.Talks.Seats {
		if (x.Role == seat.Mediator || x.Role == seat.Team) && x.Key != s.Talks.ChairBy {
			list = append(list, option{Value: string(x.Key), Label: x.Name})
		}
	}
	return list
}

// waitingOptions are the sides on the speakers' list.
func waitingOptions(v *voice, s secretariat.Sight) (list []option) {
	m := s.Talks.Meeting()
	if m == nil {
		return nil
	}
	for _, p := range m.Floor.Waiting {
		if !slices.ContainsFunc(list, func(o option) bool { return o.Value == p.Side }) {
			list = append(list, option{Value: p.Side, Label: v.title(p.Side)})
		}
	}
	return list
}

func trackOptions(v *voice, s secretariat.Sight) []option {
	list := []option{{Label: v.say("page.not-said")}}
	for _, t := range s.Talks.Tracks {
		list = append(list, option{Value: t.Track, Label: t.Title})
	}
	return list
}

// referring are the acts whose entry is one of a few. In others its number is typed.
var referring = []string{"publish", "correct", "rule-on-request", "object", "note-absence", "strike-deadline", "agree-destruction"}

// mostEntries is how many entries a form offers, the latest first.
const mostEntries = 25

// entryOptions are the entries that an act can refer to.
func entryOptions(v *voice, s secretariat.Sight, act string) (list []option) {
	add := func(number int64, text string) {
		n := strconv.FormatInt(number, 10)
		if len(list) < mostEntries {
			list = append(list, option{Value: n, Label: v.say("page.entry-option", "Number", n, "Text", phrasebook.Words(cutShort(text, 60)))})
		}
	}
	switch act {
	case "publish":
		list = append(list, option{Label: v.say("page.no-statement")})
		fallthrough
	case "correct":
		for _, x := range s.Talks.StatementsOf(s.Seat.Side()) {
			if x.Text != "" || act == "correct" {
				add(x.Number, or(x.Text, v.say("page.entry-quiet")))
			}
		}
	case "rule-on-request", "object":
		for _, x := range slices.Backward(s.Talks.Requests) {
			if !x.Ruled {
				add(x.Number, x.Name)
			}
		}
	case "note-absence":
		for _, x := range slices.Backward(s.Talks.Expected) {
			if !x.Absent && (s.Seat.Party == "" || x.Party == s.Seat.Party) {
				add(x.Number, x.Name)
			}
		}
	case "agree-destruction":
		for _, x := range s.Talks.Destructions {
			if !x.Done && x.Side != s.Seat.Side() {
				add(x.Entry, x.Ground)
			}
		}
	case "strike-deadline":
		for _, x := range slices.Backward(deadlines(s)) {
			if !x.Struck {
				add(x.Number, x.What)
			}
		}
	}
	return list
}

// deadlines are those on the mediation's register, empty for whoever is not of it.
func deadlines(s secretariat.Sight) []room.Deadline {
	for _, r := range s.Rooms {
		if r.Key.Kind == room.Mediation {
			return r.Deadlines
		}
	}
	return nil
}
