package talks

import "parley/internal/catalogue"

// Acts is all there is to do at the table, Events all that can happen. The
// names are those of the Go types: an act AskForFloor is ask-for-floor in the
// API, on the command line, in plays and in the manual. With each act stands
// the rule under which somebody who is not entitled to it is refused.
var (
	Acts = catalogue.Ruled(
		under(1, Convene{}),
		under(1, CloseTalks{}),
		under(3, AdmitParty{}),
		under(3, NameParty{}),
		under(5, NameMediator{}),
		under(5, NameTeamMember{}),
		under(5, NameChair{}),
		under(5, NameHost{}),
		under(6, Accredit{}),
		under(6, AccreditList{}),
		under(9, AdmitObserver{}),
		under(8, ArrangeVenue{}),
		under(10, OpenRound{}),
		under(10, CloseRound{}),
		under(11, OpenMeeting{}),
		under(12, SuspendMeeting{}),
		under(12, ResumeMeeting{}),
		under(12, AdjournMeeting{}),
		under(13, RecordDifferingTime{}),
		under(14, Arrive{}),
		under(14, Leave{}),
		under(40, SetPart{}),
		under(20, AskForFloor{}),
		under(24, AskForReply{}),
		under(21, GiveFloor{}),
		under(22, YieldFloor{}),
		under(25, SetTimeLimit{}),
		under(25, NoteTimeLimit{}),
		under(23, Speak{}),
		under(26, Correct{}),
		under(30, RaisePointOfOrder{}),
		under(30, RuleOnPoint{}),
		under(41, Announce{}),
		under(42, Publish{}),
		under(43, IssueHoldingLine{}),
		under(43, WithdrawHoldingLine{}),
		under(43, LetHoldingLineLapse{}),
		under(44, EnterAnchors{}),
	)
	Events = catalogue.Of[Event](
		TalksConvened{},
		TalksClosed{},
		PartyAdmitted{},
		PartyNamed{},
		MediatorNamed{},
		TeamMemberNamed{},
		ChairNamed{},
		HostNamed{},
		DelegateAccredited{},
		ObserverAdmitted{},
		VenueArranged{},
		RoundOpened{},
		RoundClosed{},
		MeetingOpened{},
		MeetingSuspended{},
		MeetingResumed{},
		MeetingAdjourned{},
		DifferingTimeRecorded{},
		Arrived{},
		Left{},
		PartSet{},
		FloorAsked{},
		FloorGiven{},
		FloorYielded{},
		TimeLimitSet{},
		TimeLimitReached{},
		StatementMade{},
		StatementCorrected{},
		PointOfOrderRaised{},
		PointRuledOn{},
		TalksAnnounced{},
		WordsPublished{},
		HoldingLineIssued{},
		HoldingLineWithdrawn{},
		HoldingLineLapsed{},
		AnchorsEntered{},

		// Of the public record.
		PublicAnnouncement{},
		PublicWords{},
		PublicLine{},
		PublicLineEnded{},
	)
)

// under is a line of the catalogue of acts.
func under(rule int, act Act) catalogue.Line[Act] { return catalogue.Line[Act]{Rule: rule, Value: act} }
