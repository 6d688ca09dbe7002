package api

import (
	"net/http"
	"reflect"

	"parley/internal/ruling"
)

// A route is a line of the list of what the API answers. Server, openapi.json
// and docs/api.md are made from the one list.
type route struct {
	method, path string
	answer       func(*API, http.ResponseWriter, *http.Request) error
	id           string // of the operation, for programs that make clients
	says         string // a sentence
	more         string // what else there is to know
	asks         []parameter
	gives        reflect.Type // the form of the answer in JSON; nil if it is Text
	text         string       // its media type otherwise
	open         bool         // the same for everybody: who asks is not looked at
	refuses      []int        // statuses of refusals
}

// A parameter is what a request says beside its body.
type parameter struct {
	name, in string // in: path, query or header
	says     string
	number   bool
	pattern  string
	required bool
}

var (
	inTalks  = parameter{name: "id", in: "path", says: "id of the talks", pattern: "^[a-z][a-z0-9-]{0,39}$", required: true}
	inRecord = parameter{name: "record", in: "query", says: "which record: joint, public, or a full name from the list of records; joint if left out"}
	after    = parameter{name: "after", in: "query", says: "begin behind the entry of this number; at the first if left out", number: true}
	ofEntry  = parameter{name: "n", in: "path", says: "number of the entry", number: true, required: true}
	lastSeen = parameter{name: "Last-Event-ID", in: "header", says: "go on behind the entry of this number; browsers send it by themselves when a stream broke off", number: true}
	request  = parameter{name: "Request-Id", in: "header", says: "chosen by the sender; sent again under it, the act has one effect and gets the first answer", pattern: "^[A-Za-z0-9._-]{1,64}$"}
)

// absentOr are the statuses of a refusal of what cannot be found, and others.
func absentOr(more ...int) []int {
	list := []int{ruling.Denied.Status(), ruling.Absent.Status(), ruling.Fault.Status()}
	return append(more, list...)
}

// submission is the route of every act. In openapi.json each act has a path of
// its own, with its own fields.
const submission = "/api/talks/{id}/acts/{act}"

var routes = []route{
	{method: "GET", path: "/api/openapi.json", answer: (*API).openAPI, id: "describe", open: true,
		says: "This description, in OpenAPI 3.1.", text: "application/json"},
	{method: "GET", path: "/api/acts", answer: (*API).acts, id: "listActs", open: true, gives: reflect.TypeFor[Acts](),
		says: "Every act with its fields, in words of the reader's language (Accept-Language)."},
	{method: "GET", path: "/api/house", answer: (*API).house, id: "house", open: true, gives: reflect.TypeFor[HouseKey](),
		says: "The public key by which the house signs."},
	{method: "GET", path: "/api/talks", answer: (*API).talks, id: "listTalks", gives: reflect.TypeFor[Lobby](),
		says:    "Talks in which you have a seat, and those announced to the public.",
		refuses: []int{ruling.Denied.Status(), ruling.Fault.Status()}},
	{method: "POST", path: submission, answer: (*API).submit, id: "submit", gives: reflect.TypeFor[Entered](),
		says: "Submit an act: one JSON object of its fields.",
		more: "When it answers 200, the entries are durable. Nothing is entered by halves. After any other status but 500 nothing was entered; " +
			"after 500, or no answer at all, send it again under the same Request-Id.",
		asks: []parameter{inTalks, request},
		refuses: append([]int{http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
			absentOr(ruling.Invalid.Status(), ruling.OutOfOrder.Status(), ruling.Stale.Status())...)},
	{method: "GET", path: "/api/talks/{id}/records", answer: (*API).records, id: "listRecords", gives: reflect.TypeFor[Records](),
		says: "The records of talks that you may open, with where they end.", asks: []parameter{inTalks}, refuses: absentOr()},
	{method: "GET", path: "/api/talks/{id}/record", answer: (*API).record, id: "read", gives: reflect.TypeFor[Page](),
		says: "A stretch of a record, as you may see it.",
		more: "At most 1000 entries, and about 4 MB; next says where to go on.",
		asks: []parameter{inTalks, inRecord, after}, refuses: absentOr(ruling.Invalid.Status())},
	{method: "GET", path: "/api/talks/{id}/stream", answer: (*API).stream, id: "watch", text: "text/event-stream",
		says: "A record as server-sent events, and then live.",
		more: "Each event is called entry, its data is an Entry in JSON, its id the entry's number; so a reader who comes back with Last-Event-ID goes on " +
			"where they were. Entries that are not for people, such as anchors, are left out. The stream ends when the server stops or when you may no longer read.",
		asks: []parameter{inTalks, inRecord, after, lastSeen}, refuses: absentOr(ruling.Invalid.Status())},
	{method: "GET", path: "/api/talks/{id}/entries/{n}/proof", answer: (*API).proof, id: "prove", text: "text/plain",
		says: "The proof that an entry stands in its record as of now, a C2SP tlog-proof.",
		asks: []parameter{inTalks, ofEntry, inRecord}, refuses: absentOr(ruling.Invalid.Status())},
	{method: "GET", path: "/api/talks/{id}/bundle", answer: (*API).bundle, id: "export", text: "text/plain",
		says: "Everything of the talks that you may read, in one file that parley verify checks offline.", asks: []parameter{inTalks}, refuses: absentOr()},
}
