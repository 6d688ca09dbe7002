package api

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"parley/internal/record"
)

// The forms in which the API speaks. Fields may be added to; they are never
// renamed, for scripts rely on them. The tag "doc" says of a field what
// openapi.json and docs/api.md say of it.

// An Entry is an entry of a record as its reader may see it. One that is not
// for the reader is number and leaf, and nothing else.
type Entry struct {
	Record    record.Name     `json:"record,omitempty" doc:"name of the record, where the answer does not say it once for all"`
	Number    int64           `json:"number" doc:"number in its record, from 1"`
	Leaf      string          `json:"leaf" doc:"the entry's RFC 6962 leaf hash, base64"`
	Time      string          `json:"time,omitempty" doc:"when it was entered: RFC 3339, UTC, to the microsecond" format:"date-time"`
	Seat      string          `json:"seat,omitempty" doc:"key of the author's seat; in the public record, the side"`
	Event     string          `json:"event,omitempty" doc:"what happened, by its name in the catalogue"`
	Audience  []string        `json:"audience,omitempty" doc:"groups of readers that the entry is for, fixed when it was entered"`
	Marks     []string        `json:"marks,omitempty" doc:"how it came in, such as console"`
	Says      []string        `json:"says,omitempty" doc:"the event in sentences, in the reader's language; none if it is not for people"`
	Structure json.RawMessage `json:"structure,omitempty" doc:"the event's structure, as the record commits to it"`
	Words     json.RawMessage `json:"words,omitempty" doc:"the event's words, as the record commits to them"`
	Destroyed bool            `json:"words-destroyed,omitempty" doc:"the words were destroyed; what is left verifies all the same"`
	Receipt   string          `json:"receipt,omitempty" doc:"proof that the entry is in the record, a C2SP tlog-proof; in the answer to an act"`
}

// Withheld reports whether the entry is not for its reader.
func (e Entry) Withheld() bool { return e.Event == "" }

// Entered is the answer to a submission: the entries that followed from it, as
// the sender may see them, each with its receipt.
type Entered struct {
	Entries  []Entry `json:"entries" doc:"what followed from the act, as its sender may see it; durable when the answer is given"`
	Repeated bool    `json:"repeated,omitempty" doc:"the request was known: this is its first answer again"`
	Person   string  `json:"person,omitempty" doc:"id of the newcomer whom the act has seated"`
	Link     string  `json:"link,omitempty" doc:"the newcomer's link; it works once and is told this once. Sent again, the request gives another in its place as long as nobody has come in by it" format:"uri"`
}

// A Page is a stretch of a record.
type Page struct {
	Record  record.Name `json:"record" doc:"name of the record"`
	Size    int64       `json:"size" doc:"entries in the record"`
	Entries []Entry     `json:"entries" doc:"in order of number; those not for the caller are number and leaf"`
	Next    int64       `json:"next,omitempty" doc:"where to go on: ask again with after set to it; left out at the end"`
}

// A Records lists the records of talks that the caller may open.
type Records struct {
	Talks   string       `json:"talks" doc:"id of the talks"`
	Records []RecordHead `json:"records" doc:"the joint record first, then the public one, then rooms"`
}

// A RecordHead is a record and where it ends.
type RecordHead struct {
	Record     record.Name `json:"record" doc:"name of the record"`
	Size       int64       `json:"size" doc:"entries in the record"`
	Checkpoint string      `json:"checkpoint" doc:"its head as the house has signed it, a C2SP checkpoint"`
}

// A Lobby lists talks by id.
type Lobby struct {
	Seated    []string `json:"seated" doc:"ids of talks in which the caller has a seat"`
	Announced []string `json:"announced" doc:"ids of talks that the public knows of"`
}

// A HouseKey says by which key the house signs.
type HouseKey struct {
	Key string `json:"key" doc:"public key in signed-note form, for parley verify --key"`
}

// Acts is the catalogue.
type Acts struct {
	Acts []Act `json:"acts" doc:"every act there is, in the order of the catalogue"`
}

// An Act is something that can be done, with what there is to fill in.
type Act struct {
	Act    string  `json:"act" doc:"name of the act"`
	Says   string  `json:"says" doc:"what it is, in words"`
	Rule   int     `json:"rule,omitempty" doc:"rule of procedure that says who is entitled to it"`
	Fields []Field `json:"fields" doc:"what there is to fill in"`
}

// A Field is something to fill in.
type Field struct {
	Field    string   `json:"field" doc:"name of the field"`
	Says     string   `json:"says" doc:"what it is, in words"`
	Kind     string   `json:"kind" doc:"form of its value"`
	Optional bool     `json:"optional,omitempty" doc:"may be left out"`
	Choices  []string `json:"choices,omitempty" doc:"what it may be, if not anything"`
	Newcomer bool     `json:"newcomer,omitempty" doc:"leave it out to have a newcomer enrolled and a link made for them"`
}

// A Problem is a refusal as a problem document (RFC 9457).
type Problem struct {
	Type     string `json:"type" doc:"urn:parley:refusal: and a word for what is wrong; stable, for programs" format:"uri"`
	Title    string `json:"title" doc:"the kind of refusal, in words"`
	Status   int    `json:"status" doc:"HTTP status"`
	Detail   string `json:"detail" doc:"one sentence that a person can act on"`
	Instance string `json:"instance" doc:"path of the request"`
	Kind     string `json:"kind" doc:"what the person may do about it"`
	Rule     int    `json:"rule,omitempty" doc:"rule of procedure that stands in the way"`
}

// ProblemType is the media type of problem documents.
const ProblemType = "application/problem+json"

// Spell writes a hash in base64, as checkpoints do.
func Spell(h record.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

func spellTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
