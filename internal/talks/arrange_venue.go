package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// ArrangeVenue says where the talks are held, in what format, and who faces
// whom (rule 8). What is left out stays as it was.
type ArrangeVenue struct {
	Place   string `form:"optional"`
	Format  string `form:"optional"`
	Seating string `form:"optional long"`
}

func (a ArrangeVenue) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if strings.TrimSpace(a.Place+a.Format+a.Seating) == "" {
		return nil, ruling.No(ruling.Invalid, 8, "nothing-arranged")
	}
	return []Event{VenueArranged(a)}, nil
}

// VenueArranged says where and how the talks are held.
type VenueArranged struct {
	Place   string `words:"yes"`
	Format  string `words:"yes"`
	Seating string `words:"yes"`
}

func (e VenueArranged) apply(t *Talks, _ Entered) {
	for _, f := range []struct{ to, from *string }{{&t.Venue.Place, &e.Place}, {&t.Venue.Format, &e.Format}, {&t.Venue.Seating, &e.Seating}} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
}

func (e VenueArranged) Phrase() phrasebook.Phrase {
	said := make([]string, 0, 3)
	for _, s := range []string{e.Place, e.Format, e.Seating} {
		if s != "" {
			said = append(said, s)
		}
	}
	return phrasebook.Say("event.venue-arranged", "Words", phrasebook.Words(strings.Join(said, "; ")))
}
