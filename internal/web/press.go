package web

import (
	"net/http"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A pressView is what the public may read of talks, and nothing else: it is
// made of the public record alone. Its bytes are the same for everybody, but
// for the host, who is told what they are.
type pressView struct {
	*voice
	ID        string
	Title     string
	Text      string
	AsOf      string
	Announced bool
	Lines     []publicLine
	Words     []publicWords
	Host      string
	Stream    string
	Record    string // address of the public record
}

type publicLine struct{ By, Text, Until string }

type publicWords struct{ By, Text, Note string }

func (h *house) pressPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p pressView
	err := h.look(r, v, func(s secretariat.Sight) error {
		host := s.Seated && s.Seat.Role == seat.Host
		if !s.Public.Open() && !host {
			return ruling.Nothing() // also to those seated: there is no public page yet
		}
		p = h.press(s)
		if host {
			p.Host = p.say("page.host", "Name", phrasebook.Words(s.Seat.Name))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, pressSheet(p))
}

// press reads the public state. Newest words come first.
func (h *house) press(s secretariat.Sight) pressView {
	v := h.plain()
	p := pressView{voice: v, ID: s.ID, Title: or(s.Public.Title, v.say("page.unannounced")), Text: s.Public.Text, Announced: s.Public.Open()}
	if !p.Announced {
		return p
	}
	name := record.PublicName(s.ID)
	p.Record = hrefRecord(name)
	f := frame{ID: s.ID}
	f.live("press", s.Heads[name].Size)
	p.Stream = f.Stream
	p.AsOf = v.say("page.as-of", "Time", phrasebook.Time{At: s.Public.Since.Time, Zone: s.Public.Zone})
	told := func(at talks.Moment) phrasebook.Time {
		return phrasebook.Time{At: at.Time.In(s.Zone), Zone: s.Public.Zone}
	}
	for _, l := range s.Public.Lines {
		p.Lines = append(p.Lines, publicLine{l.By, l.Text, v.say("page.line-until", "Until", told(l.Until))})
	}
	for i := len(s.Public.Words) - 1; i >= 0; i-- {
		x := s.Public.Words[i]
		p.Words = append(p.Words, publicWords{x.By, x.Text, v.say("page.public-"+string(x.Kept), "Time", told(x.At))})
	}
	return p
}

// pressStream rings for the public alone, whoever listens.
func (h *house) pressStream(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.stream(w, r, v, feed{secretariat.Caller{}, h.nextForPress})
}

func (h *house) nextForPress(r *http.Request, _ visit, after int64) (events []event, last int64, err error) {
	last = after
	err = h.look(r, visit{}, func(s secretariat.Sight) error {
		size := s.Heads[record.PublicName(s.ID)].Size
		if size <= after {
			return nil
		}
		last = size
		html, err := h.pieces.get(boardKey{"press", s.ID, "", size, 0, false}, func() (string, error) { return render(pressWords(h.press(s))) })
		events = []event{{size, "piece", html}}
		return err
	})
	return events, last, err
}

// A publishView is where a side tells the public what it wishes to be known.
type publishView struct {
	frame
	Public pressView
	Forms  []form
}

func (h *house) publishPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p publishView
	err := h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		p.frame = h.frame(voice, s, "publish")
		p.Public = h.press(s)
		p.Forms = h.formsOn("publish", voice, s)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, publishingDesk(p))
}
