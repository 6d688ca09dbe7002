package web_test

import (
	"fmt"
	"strings"
	"testing"
)

// lakeTreaty is a text that is invented for these tests: a preamble, five
// articles, brackets of every form, reserves and a note.
const lakeTreaty = `# Treaty on the Waters of the Lake

Kenya and Uganda, sharing one lake and one shore road, [KENYA: recalling][UGANDA: mindful of] the minutes of 1961, have agreed as follows:

Article 1. Definitions

1. “The Lake” means the lake and its outlet as far as the weir. “Abstraction” means any taking of water by pump, pipe or channel.

Article 2. Level of the Lake

1. The Parties shall keep the surface of the Lake no lower than [UGANDA: 211.40][MEDIATION: 211.48][KENYA: 211.55] metres above datum [UGANDA: , except in a declared drought (-KENYA)].[^1]

2. Either Party may ask for a reading by both keepers within [KENYA: two][UGANDA: five] days.

Article 3. Abstraction

1. [KENYA: Each Party may take up to [KENYA: 40][MEDIATION: 43][UGANDA: 46] million cubic metres a year, measured [KENYA: at the intake][UGANDA: net of return flow]. (+UGANDA)][UGANDA: The Parties shall divide the yearly yield equally. (-KENYA)][MEDIATION: no text][^2]

2. Each Party shall report what it has taken:

  (a) to the other Party, every [KENYA: month][UGANDA: year];

  (b) to the Commission, on request.

Article 3 bis. Closed season

1. No net shall be set [MEDIATION: from 1 March to 30 April][KENYA: from 15 March to 15 May][UGANDA: no text].

Article 4. Settlement of disputes

1. A dispute goes to {KENYA: arbitration} {UGANDA: the Commission}.

[^1]: KENYA: general reserve, until the drought rule is settled
[^2]: UGANDA: scrutiny reserve
`

// fielded writes an act as a line, with words quoted.
func fielded(act string, fields ...string) string {
	var b strings.Builder
	b.WriteString(act)
	for i := 0; i+1 < len(fields); i += 2 {
		fmt.Fprintf(&b, " %s=%s", fields[i], quote(fields[i+1]))
	}
	return b.String()
}

// drafted is a stage with the treaty on the table.
func drafted(t testing.TB) *stage {
	s := seated(t)
	s.do("ada", fielded("table-text", "text", "treaty", "standing", "chair-text", "words", lakeTreaty))
	return s
}
