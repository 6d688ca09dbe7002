package web

import (
	"strconv"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// A frame is what surrounds every page of talks: which talks, as whom, in which
// room, and the chapters.
type frame struct {
	*voice
	ID       string
	Title    string // of the document, before the talks' own
	Talks    string // title of the talks
	As       phrasebook.Text
	Place    string // the room one is in
	Readers  string // who reads here
	Private  bool   // a room apart: other paper
	Chapters []chapter
	Stream   string // address of what is live on the page; empty if nothing
	Closed   bool
}

// A chapter is a part of the talks in the navigation.
type chapter struct {
	Href, Label string
	Note        string
	Current     bool
	Gap         bool // begins a group
}

// chapters are all there are, in the order of the navigation. A chapter that
// this version does not have is not in the list; one that is not for the seat
// is not shown.
var chapters = []struct {
	word string
	path string
	gap  bool
	open func(secretariat.Sight) bool
}{
	{"board", "/board", false, atTable},
	{"modalities", "/modalities", false, atTable},
	{"delegations", "/delegations", false, atTable},
	{"meeting", "/meeting", false, atTable},
	{"text", "/text", true, atTable},
	{"table", "/table", false, atTable},
	{"rooms", "/rooms", true, hasRooms},
	{"background", "/background", false, atTable},
	{"publish", "/publish", false, atTable},
	{"calendar", "/calendar", false, atTable},
	{"records", "/records/joint", false, atTable},
	{"further", "/further", true, hasFurther},
}

func atTable(s secretariat.Sight) bool { return s.Talks != nil }

// frame makes the frame of a page. Place and readers are those of the table
// unless the page says otherwise.
func (h *house) frame(v *voice, s secretariat.Sight, word string) frame {
	t := s.Talks
	f := frame{voice: v, ID: s.ID, Talks: t.Title, Title: v.say("page.chapter-" + word), As: v.as(s.Seat), Closed: t.Closed != nil}
	f.Place = v.say("page.place-table")
	f.Readers = v.say("page.read-by", "Readers", phrasebook.Words(v.table(s, observersIn(t.Audience()))))
	for _, c := range chapters {
		if !c.open(s) {
			continue
		}
		x := chapter{Href: "/talks/" + s.ID + c.path, Label: v.say("page.chapter-" + c.word), Current: c.word == word, Gap: c.gap}
		if m := t.Meeting(); c.word == "meeting" && m != nil {
			x.Note = v.say("page.in-session")
			if m.Suspended() {
				x.Note = v.say("page.in-suspension")
			}
		}
		f.Chapters = append(f.Chapters, x)
	}
	return f
}

// as says as whom somebody is here: person, role, side.
func (v *voice) as(s seat.Seat) phrasebook.Text {
	name := phrasebook.Words(s.Name)
	role := phrasebook.Term("role." + string(s.Role))
	switch {
	case s.Party != "":
		return v.segments("page.as-party", "Name", name, "Role", role, "Party", phrasebook.Side(s.Party))
	case s.Chair && s.Role == seat.Mediator:
		return v.segments("page.as", "Name", name, "Role", phrasebook.Terms{role, phrasebook.Term("role.chair")})
	case s.Chair:
		role = phrasebook.Term("role.chair")
	}
	return v.segments("page.as", "Name", name, "Role", role)
}

// live names the stream of the page, from an entry number on.
func (f *frame) live(place string, after int64) {
	f.Stream = "/talks/" + f.ID + "/stream/" + place + "?after=" + strconv.FormatInt(after, 10)
}

// document is the title of the browser's window.
func (f frame) document() string { return f.Title + " · " + f.Talks }

// class is that of the body: a room apart is another stock of paper.
func (f frame) class() string {
	if f.Private {
		return "in-shuttle"
	}
	return ""
}

// from moves the beginning of the page's stream.
func (f *frame) from(after int64) {
	address, _, _ := strings.Cut(f.Stream, "?")
	f.Stream = address + "?after=" + strconv.FormatInt(after, 10)
}
