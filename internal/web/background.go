package web

import (
	"net/http"
	"strconv"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A backgroundView is what stands around the meetings: what the mediation says
// of its own interests, what went before, what happens outside, who met in
// other formats, and the papers before everyone.
type backgroundView struct {
	frame
	Registers []register
	Forms     []form
}

// A register is one list of the page.
type register struct {
	Heading string
	Lines   []registered
}

// registered is a line of a register. Number and address are of its entry.
type registered struct {
	Number, Href string
	Title        string
	Words        string
	Note         string
	Paper        string // address of the file, if the line is one
}

func (h *house) backgroundPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p backgroundView
	admitted, err := h.admission(r, v)
	if err != nil {
		return err
	}
	err = h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		p.frame = h.frame(voice, s, "background")
		p.Registers = registers(voice, s, admitted)
		p.Forms = h.formsOn("background", voice, s)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, background(p))
}

func registers(v *voice, s secretariat.Sight, admitted admission) (list []register) {
	t, joint := s.Talks, record.JointName(s.ID)
	line := func(number int64, title, words, note string) registered {
		return registered{Number: strconv.FormatInt(number, 10), Href: hrefProof(joint, number), Title: title, Words: words, Note: note}
	}
	told := func(key string, at talks.Moment, source string) string {
		said := v.say("page.time", "Time", phrasebook.Time{At: at.Time.In(s.Zone), Zone: s.Now.Zone})
		if at.Approximate {
			said = v.say("page.about", "At", said)
		}
		return v.say("page.told", "What", v.say(key), "At", said, "Source", phrasebook.Words(source))
	}
	add := func(key string, lines []registered) {
		if len(lines) > 0 {
			list = append(list, register{v.say(key), lines})
		}
	}
	var lines []registered
	enter := func(number int64, title, words, note string) {
		if admitted.heard(number) {
			lines = append(lines, line(number, title, words, note))
		}
	}
	for _, x := range t.Disclosures {
		enter(x.Number, v.title("mediation"), x.Text, noted(v, t, x))
	}
	add("page.register-disclosures", lines)
	lines = nil
	for _, x := range t.Earlier {
		enter(x.Number, x.Title, x.Text, told("earlier."+string(x.As), x.At, x.Source))
	}
	add("page.register-earlier", lines)
	lines = nil
	for _, x := range t.Outside {
		enter(x.Number, x.Who, x.Text, v.say("reliability."+string(x.Reliability))+" · "+told("outside."+string(x.As), x.At, x.Source))
	}
	add("page.register-outside", lines)
	lines = nil
	for _, x := range t.SideMeetings {
		words := x.Participants
		if x.Topics != "" {
			words += "\n" + x.Topics
		}
		enter(x.Number, x.Title, words, v.say("reliability."+string(x.Reliability))+" · "+told("group.side-meeting", x.At, x.Source))
	}
	add("page.register-side", lines)
	lines = nil
	for _, x := range t.Papers {
		if !admitted.heard(x.Number) {
			continue
		}
		l := line(x.Number, x.Name, x.Origin, v.say("page.paper-note", "Side", phrasebook.Words(v.title(x.Side)), "Size", strconv.Itoa((x.Size+1023)/1024), "Digest", x.SHA256))
		l.Paper = hrefProof(joint, x.Number) + "/paper"
		lines = append(lines, l)
	}
	add("page.register-papers", lines)
	return list
}

// noted says which parties have taken note of a disclosure.
func noted(v *voice, t *talks.Talks, x talks.Disclosure) string {
	said := ""
	for _, p := range t.Parties {
		key := "page.noted"
		if _, yes := x.Noted[p.Key]; !yes {
			key = "page.not-noted"
		}
		if said != "" {
			said += " "
		}
		said += v.say(key, "Party", phrasebook.Words(v.title(string(p.Key))))
	}
	return said
}

// unnoted reports whether the seat's side has yet to take note of the latest disclosure.
func unnoted(s secretariat.Sight) bool {
	n := len(s.Talks.Disclosures)
	if n == 0 {
		return false
	}
	_, noted := s.Talks.Disclosures[n-1].Noted[s.Seat.Party]
	return !noted
}

// paper gives out a paper that was attached, as a file and never as a page.
func (h *house) paper(w http.ResponseWriter, r *http.Request, v visit) error {
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	s, err := h.one(r, v, recordNamed(r.PathValue("id"), r.PathValue("record")), number)
	if err != nil {
		return err
	}
	var paper talks.PaperAttached
	switch e := s.Event.(type) {
	case talks.PaperAttached:
		paper = e
	case room.PaperAttachedInRoom:
		paper = talks.PaperAttached(e)
	default:
		return ruling.Nothing()
	}
	if len(paper.Content) == 0 {
		return ruling.Nothing() // its bytes have been destroyed
	}
	return sendFile(w, paper.Name, "application/octet-stream", paper.Content)
}
