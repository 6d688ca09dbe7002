package main

import "parley/internal/bargain"

// An analysis is what was found out about one scenario. It is the answer in
// JSON as it stands; worths are exact decimals or fractions, in the order of
// the parties, and options stand in the order of the issues.
type analysis struct {
	Parley   string         `json:"parley"` // the form of this answer
	Title    string         `json:"title"`
	Format   string         `json:"format"`
	Parties  []partyFound   `json:"parties"`
	Issues   []issueFound   `json:"issues"`
	Packages string         `json:"packages"`           // how many, rules left aside
	Merged   string         `json:"merged,omitempty"`   // how many remained when options nobody can tell apart were merged
	Warnings []warningFound `json:"warnings"`           // what the files left open or got wrong
	Seen     int64          `json:"examined,omitempty"` // packages looked at one by one

	Zone        *zoneFound        `json:"zone,omitempty"`
	Solutions   []solutionFound   `json:"solutions"`
	Draft       *draftFound       `json:"draft,omitempty"`
	Frontier    *frontierFound    `json:"frontier,omitempty"`
	Trade       []pairFound       `json:"tradable,omitempty"`
	Winner      *winnerFound      `json:"adjusted_winner,omitempty"`
	Sensitivity *sensitivityFound `json:"sensitivity,omitempty"`
	Peers       []peerFound       `json:"peers,omitempty"`

	// What was not come to, because of an interrupt or a limit, by name.
	Unasked     []string `json:"unasked,omitempty"`
	Interrupted bool     `json:"interrupted,omitempty"`
}

type partyFound struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Reservation *bargain.Number `json:"reservation,omitempty"` // absent: none was named
	Best        *bargain.Number `json:"best,omitempty"`        // the most it can have while all others accept
}

type issueFound struct {
	ID      string   `json:"id"`
	Label   string   `json:"label,omitempty"`
	Options []string `json:"options"`
}

type warningFound struct {
	Place string `json:"place"`
	Text  string `json:"text"`
}

// A packageFound is a deal with what it is worth.
type packageFound struct {
	Options []string         `json:"options"`
	Worth   []bargain.Number `json:"worth"`
	point   bargain.Point
}

// A guaranteeFound says how far an answer can be trusted.
type guaranteeFound struct {
	Kind        string        `json:"kind"` // exact, within, stopped
	Eps         float64       `json:"eps,omitempty"`
	Limit       bargain.Limit `json:"limit,omitempty"`
	Certificate bool          `json:"certificate,omitempty"` // there is one: --certificate
}

type zoneFound struct {
	Exists    bool           `json:"exists"`
	Known     bool           `json:"known"` // false: neither a package nor a proof was found in time
	Witness   *packageFound  `json:"witness,omitempty"`
	Why       string         `json:"why,omitempty"`
	Guarantee guaranteeFound `json:"guarantee"`
	proof     *bargain.Guarantee
}

type solutionFound struct {
	Name      string         `json:"name"`
	Agreement bool           `json:"agreement"`
	Package   *packageFound  `json:"package,omitempty"`
	Also      []packageFound `json:"also,omitempty"` // as good, with other worths
	AlsoMore  bool           `json:"also_more,omitempty"`
	Ties      string         `json:"ties,omitempty"`    // how many packages have these very worths
	Without   []string       `json:"without,omitempty"` // parties that a product of gains had to leave out
	Value     float64        `json:"value"`
	Upper     float64        `json:"upper"`
	Why       string         `json:"why,omitempty"` // the engine could not take the question
	Guarantee guaranteeFound `json:"guarantee"`
	proof     *bargain.Guarantee
}

type draftFound struct {
	Package   packageFound     `json:"package"`
	Refusing  []string         `json:"refusing,omitempty"` // parties that have less in it than they accept
	Efficient bool             `json:"efficient"`          // no package is better for one and worse for none
	Better    *packageFound    `json:"better,omitempty"`
	Gains     []bargain.Number `json:"gains,omitempty"`
	Guarantee guaranteeFound   `json:"guarantee"`
	Trades    []tradeFound     `json:"trades"`
	Listed    guaranteeFound   `json:"trades_guarantee"`
	proof     *bargain.Guarantee
}

type tradeFound struct {
	Changes []changeFound    `json:"changes"`
	Gains   []bargain.Number `json:"gains"`
}

type changeFound struct {
	Issue string `json:"issue"`
	From  string `json:"from"`
	To    string `json:"to"`
}

type frontierFound struct {
	Points    []packageFound `json:"points"`
	Deals     string         `json:"deals,omitempty"` // ties included
	Cover     bool           `json:"cover"`           // points that stand for all, not all of them
	Within    float64        `json:"within,omitempty"`
	Guarantee guaranteeFound `json:"guarantee"`
	// Acceptable are how many of the points give everybody the reservation value.
	Acceptable int `json:"acceptable"`
}

type pairFound struct {
	First  string       `json:"first"`
	Other  string       `json:"other"`
	Issues []swingFound `json:"issues"`
}

type swingFound struct {
	Issue      string  `json:"issue"`
	FirstSwing float64 `json:"first_swing"`
	OtherSwing float64 `json:"other_swing"`
	Opposed    bool    `json:"opposed"`
}

type winnerFound struct {
	Settled []pickFound       `json:"settled"` // issues that both like best settled alike
	Awards  []awardFound      `json:"awards"`
	Points  [2]bargain.Number `json:"points"` // of 100 that each party laid on what is contested
	split   int
}

type pickFound struct {
	Issue  string `json:"issue"`
	Option string `json:"option"`
}

type awardFound struct {
	Issue  string            `json:"issue"`
	Points [2]bargain.Number `json:"points"` // that each laid on it
	First  bargain.Number    `json:"first"`  // how much of it goes the first party's way, 0 to 1
}

type sensitivityFound struct {
	PerMille int64         `json:"per_mille"`
	Draws    int           `json:"draws"`
	Same     int           `json:"same"`
	None     int           `json:"none,omitempty"`
	Unproved int           `json:"unproved,omitempty"`
	Issues   []sharesFound `json:"issues,omitempty"`
	Kind     string        `json:"kind,omitempty"`
	Limit    bargain.Limit `json:"limit,omitempty"`
	Why      string        `json:"why,omitempty"` // it could not be examined
}

type sharesFound struct {
	Issue  string         `json:"issue"`
	Open   bool           `json:"open"` // not every draw settled it alike
	Shares map[string]int `json:"draws"`
	raw    []int
}

type peerFound struct {
	Definition bargain.Peer   `json:"definition"`
	Points     []packageFound `json:"points"`
	Guarantee  guaranteeFound `json:"guarantee"`
}
