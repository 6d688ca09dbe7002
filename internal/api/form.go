package api

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"parley/internal/record"
)

// The forms in which the API speaks. Fields may be added to; they are never
// renamed, for scripts rely on them.

// An Entry is an entry of a record as its reader may see it. One that is not
// for the reader is number and leaf, and nothing else.
type Entry struct {
	Record    record.Name     `json:"record,omitempty"` // where the answer does not say it once for all
	Number    int64           `json:"number"`
	Leaf      string          `json:"leaf"`            // the entry's RFC 6962 leaf hash, base64
	Time      string          `json:"time,omitempty"`  // when it was entered: RFC 3339, UTC, to the microsecond
	Seat      string          `json:"seat,omitempty"`  // key of the author's seat
	Event     string          `json:"event,omitempty"` // name in the catalogue
	Audience  []string        `json:"audience,omitempty"`
	Marks     []string        `json:"marks,omitempty"`     // how it came in, such as "console"
	Says      []string        `json:"says,omitempty"`      // in the reader's language; none if it is not for people
	Structure json.RawMessage `json:"structure,omitempty"` // the event's structure, as the record commits to it
	Words     json.RawMessage `json:"words,omitempty"`     // the event's words, as the record commits to them
	Destroyed bool            `json:"words-destroyed,omitempty"`
	Receipt   string          `json:"receipt,omitempty"` // C2SP tlog-proof, in the answer to a submission
}

// Withheld reports whether the entry is not for its reader.
func (e Entry) Withheld() bool { return e.Event == "" }

// Entered is the answer to a submission: the entries that followed from it, as
// the sender may see them, each with its receipt.
type Entered struct {
	Entries  []Entry `json:"entries"`
	Repeated bool    `json:"repeated,omitempty"` // the first answer again
	// Person and Link are of a newcomer that the act has seated. The link works
	// once and is told this once.
	Person string `json:"person,omitempty"`
	Link   string `json:"link,omitempty"`
}

// A Page is a stretch of a record.
type Page struct {
	Record  record.Name `json:"record"`
	Size    int64       `json:"size"` // entries in the record
	Entries []Entry     `json:"entries"`
	Next    int64       `json:"next,omitempty"` // ask again after this number; 0 at the end
}

// A Records lists the records of talks that the caller may open.
type Records struct {
	Talks   string       `json:"talks"`
	Records []RecordHead `json:"records"`
}

// A RecordHead is a record and where it ends.
type RecordHead struct {
	Record     record.Name `json:"record"`
	Size       int64       `json:"size"`
	Checkpoint string      `json:"checkpoint"` // C2SP, signed by the house
}

// A Lobby lists talks by id.
type Lobby struct {
	Seated    []string `json:"seated"`    // those in which the caller has a seat
	Announced []string `json:"announced"` // those that the public knows of
}

// Acts is the catalogue.
type Acts struct {
	Acts []Act `json:"acts"`
}

// An Act is something that can be done, with what there is to fill in.
type Act struct {
	Act    string  `json:"act"`
	Says   string  `json:"says"` // in words
	Rule   int     `json:"rule,omitempty"`
	Fields []Field `json:"fields"`
}

// A Field is something to fill in.
type Field struct {
	Field    string   `json:"field"`
	Says     string   `json:"says"`
	Kind     string   `json:"kind"`
	Optional bool     `json:"optional,omitempty"`
	Choices  []string `json:"choices,omitempty"`
	Newcomer bool     `json:"newcomer,omitempty"` // leave out to have a newcomer enrolled and sent a link
}

// A Problem is a refusal as a problem document (RFC 9457).
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"` // one sentence that a person can act on
	Instance string `json:"instance"`
	Kind     string `json:"kind"` // of package ruling
	Rule     int    `json:"rule,omitempty"`
}

// ProblemType is the media type of problem documents.
const ProblemType = "application/problem+json"

// Spell writes a hash in base64, as checkpoints do.
func Spell(h record.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

func spellTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
