package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// A roomsView lists the rooms one is in. It says nothing of what goes on in
// any: a room that is there by what it is stands here whether or not anybody
// has ever been in it.
type roomsView struct {
	frame
	Rooms []doorway
	Forms []form
}

type doorway struct{ Href, Name, Note string }

func (h *house) roomsPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p roomsView
	err := h.inRooms(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		p.frame = h.frame(voice, s, "rooms")
		for _, k := range roomsOf(s) {
			p.Rooms = append(p.Rooms, doorway{hrefRoom(s, k), voice.roomName(s, k), voice.roomNote(s, k)})
		}
		p.Forms = h.formsOn("rooms", voice, s)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, rooms(p))
}

// inRooms is look for the pages of those who have rooms apart: the parties'
// and the mediation's.
func (h *house) inRooms(r *http.Request, v visit, look func(secretariat.Sight) error) error {
	return h.seated(r, v, func(s secretariat.Sight) error {
		if !hasRooms(s) {
			return ruling.Nothing()
		}
		return look(s)
	})
}

func hasRooms(s secretariat.Sight) bool { return s.Seat.Party != "" || ofMediation(s.Seat) }

func ofMediation(s seat.Seat) bool { return s.Role == seat.Mediator || s.Role == seat.Team }

// roomsOf are the rooms a seat can go into, in the order of the list.
func roomsOf(s secretariat.Sight) (list []room.Key) {
	own := s.Seat.Party
	if own != "" {
		list = append(list, room.Key{Kind: room.Delegation, Name: string(own)}, room.Key{Kind: room.Shuttle, Name: string(own)})
	} else {
		list = append(list, room.Key{Kind: room.Mediation})
	}
	for _, p := range s.Talks.Parties {
		switch {
		case own == "":
			list = append(list, room.Key{Kind: room.Shuttle, Name: string(p.Key)})
		case p.Key != own:
			list = append(list, room.Key{Kind: room.Notes, Name: string(min(own, p.Key)) + " " + string(max(own, p.Key))})
		}
	}
	for _, r := range s.Rooms {
		if r.Key.Kind == room.Group || r.Key.Kind == room.Side {
			list = append(list, r.Key)
		}
	}
	return list
}

// address is how an act names a room; its address in the house is made of the same words.
func address(s secretariat.Sight, k room.Key) string {
	switch k.Kind {
	case room.Delegation, room.Mediation:
		return string(k.Kind)
	case room.Shuttle:
		if s.Seat.Party != "" {
			return string(k.Kind)
		}
	case room.Notes:
		return string(k.Kind) + ":" + other(s, k)
	}
	return string(k.Kind) + ":" + k.Name
}

func hrefRoom(s secretariat.Sight, k room.Key) string {
	return "/talks/" + s.ID + "/rooms/" + strings.Replace(address(s, k), ":", "/", 1)
}

// other is the other side of a room of two parties.
func other(s secretariat.Sight, k room.Key) string {
	for name := range strings.FieldsSeq(k.Name) {
		if name != string(s.Seat.Party) {
			return name
		}
	}
	return ""
}

// group returns a contact group or side meeting that the seat is in.
func group(s secretariat.Sight, k room.Key) *room.Room {
	for _, r := range s.Rooms {
		if r.Key == k {
			return r
		}
	}
	return nil
}

// members are whom a room is for.
func members(s secretariat.Sight, k room.Key) []string {
	if g := group(s, k); g != nil {
		return g.Members
	}
	return k.Members()
}

// roomName is what a room is called by those in it.
func (v *voice) roomName(s secretariat.Sight, k room.Key) string {
	switch k.Kind {
	case room.Notes:
		return v.say("page.room-notes", "Party", phrasebook.Words(v.title(other(s, k))))
	case room.Shuttle:
		if s.Seat.Party == "" {
			return v.say("page.room-shuttle-with", "Party", phrasebook.Words(v.title(k.Name)))
		}
		return v.say("page.room-shuttle", "Mediation", phrasebook.Words(v.title(seat.Mediation)))
	}
	if g := group(s, k); g != nil && g.Title != "" {
		return g.Title
	}
	return v.say("page.room-" + string(k.Kind))
}

func (v *voice) roomNote(s secretariat.Sight, k room.Key) string {
	return v.say("page.room-note", "Readers", phrasebook.Words(v.readers(members(s, k), s)))
}

// place is the header sentence of a room, which says who is in it.
func (v *voice) place(s secretariat.Sight, k room.Key) string {
	var sides []string
	for _, g := range members(s, k) {
		if g == seat.Mediation {
			sides = append(sides, v.title(seat.Mediation))
		} else {
			sides = append(sides, v.title(strings.TrimPrefix(g, seat.PartyGroup(""))))
		}
	}
	if len(sides) == 1 {
		return v.say("page.place-one", "Side", phrasebook.Words(sides[0]))
	}
	last := len(sides) - 1
	return v.say("page.place-between", "Sides", phrasebook.Words(strings.Join(sides[:last], ", ")), "Last", phrasebook.Words(sides[last]))
}

// A roomView is a room apart.
type roomView struct {
	frame
	Heading string
	Kind    room.Kind
	Times   string
	Forms   []form
	Lines   []string
	Capital []delegate
	Texts   []doorway
}

// roomKey is the room that an address names, if it is one the seat can go into.
func roomKey(r *http.Request, s secretariat.Sight) (room.Key, error) {
	want := r.PathValue("kind")
	if name := r.PathValue("name"); name != "" {
		want += ":" + name
	}
	for _, k := range roomsOf(s) {
		if address(s, k) == want {
			return k, nil
		}
	}
	return room.Key{}, ruling.Nothing()
}

func (h *house) roomPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p roomView
	var sc scene
	var key room.Key
	err := h.inRooms(r, v, func(s secretariat.Sight) (err error) {
		if key, err = roomKey(r, s); err != nil {
			return err
		}
		sc = sceneOf(h.voiceAt(s), s)
		p = h.roomView(sc.voice, s, key)
		return nil
	})
	if err != nil {
		return err
	}
	name, ok, err := h.Desk.RoomRecord(r.Context(), sc.id, v.caller(), key)
	var last int64
	if err == nil && ok {
		p.Lines, last, err = h.lines(r, v, sc, name, 0)
		slices.Reverse(p.Lines)
	}
	if err != nil {
		return err
	}
	p.live(strings.TrimPrefix(r.URL.Path, "/talks/"+sc.id+"/"), last)
	return h.show(w, r, http.StatusOK, privateRoom(p))
}

// roomView gathers what a room is, whether or not anything was said in it yet.
func (h *house) roomView(v *voice, s secretariat.Sight, k room.Key) roomView {
	p := roomView{frame: h.frame(v, s, "rooms"), Kind: k.Kind, Times: zoned(s.Now.Time, s.Now.Zone)}
	p.Private = true
	p.Heading = v.roomName(s, k)
	p.Place, p.Readers = v.place(s, k), v.say("page.place-note-"+string(k.Kind))
	want := desired{room: members(s, k), fixed: map[string]string{"in": address(s, k)}}
	for _, act := range actsIn(k.Kind) {
		if !offered(act, v, s) {
			continue
		}
		if act == "pass-note" {
			want.fixed["to"] = other(s, k)
		}
		if f, ok := h.form(v, s, act, want); ok {
			p.Forms = append(p.Forms, f)
		}
	}
	if g := group(s, k); g != nil {
		p.Texts = textDoors(v, s.Talks, g.Texts, "/talks/"+s.ID+"/drafts/"+url.PathEscape(address(s, k))+"/")
		for _, who := range g.Capital {
			p.Capital = append(p.Capital, delegate{Name: who.Name, Offices: who.Offices})
		}
	}
	return p
}

// roomActs are what is done in each kind of room; the first stands open.
var roomActs = map[room.Kind][]string{
	room.Notes:      {"pass-note", "attach-in-room"},
	room.Delegation: {"say-in-room", "seat-capital", "attach-in-room"},
	room.Shuttle:    {"say-in-room", "object", "attach-in-room"},
	room.Mediation:  {"say-in-room", "log-contact", "note-deadline", "strike-deadline", "attach-in-room"},
	room.Group:      {"say-in-room", "attach-in-room"},
	room.Side:       {"say-in-room", "attach-in-room"},
}

// actsIn are what is done in a kind of room, with what is done in any and has no
// place of its own.
func actsIn(k room.Kind) []string {
	list := slices.Clone(roomActs[k])
	for _, spec := range room.Acts.Specs() {
		if is, _ := onText(spec.Name); is && spec.Name != "table-text-in-room" {
			continue // its form stands beside the text
		}
		if shown[spec.Name] == "" && addressed(spec) {
			list = append(list, spec.Name)
		}
	}
	return list
}

func (h *house) roomStream(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.stream(w, r, v, feed{v.caller(), h.nextInRoom})
}

// nextInRoom renders what was entered in a room's record. That the room is not
// formed yet is no error: it begins when something is said in it.
func (h *house) nextInRoom(r *http.Request, v visit, after int64) ([]event, int64, error) {
	var p scene
	var key room.Key
	err := h.inRooms(r, v, func(s secretariat.Sight) (err error) {
		key, err = roomKey(r, s)
		p = sceneOf(h.voiceAt(s), s)
		return err
	})
	if err != nil {
		return nil, after, err
	}
	name, ok, err := h.Desk.RoomRecord(r.Context(), p.id, v.caller(), key)
	if err != nil || !ok {
		return nil, after, err
	}
	return h.entered(r, v, p, name, after)
}
