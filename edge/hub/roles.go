package hub

import (
	"fmt"
	"slices"
	"strings"

	"jembe/advisory"
)

// Role is what a user is at the office. One person may have several.
type Role string

// The roles.
const (
	Administrator Role = "administrator" // boxes and users
	Curator       Role = "curator"       // writes and publishes content
	Expert        Role = "expert"        // answers those who asked for a person
	Analyst       Role = "analyst"       // figures that may leave the house
	Auditor       Role = "auditor"       // sees who did what, and changes nothing
)

// Roles lists all roles.
func Roles() []Role { return []Role{Administrator, Curator, Expert, Analyst, Auditor} }

// Permission is one thing that a user may do.
type Permission string

// The permissions. Anyone signed in may see the front page and change their own password.
const (
	SeeBoxes        Permission = "see_boxes"
	ManageBoxes     Permission = "manage_boxes" // invite and revoke
	SeeFigures      Permission = "see_figures"
	SeeSmallCounts  Permission = "see_small_counts" // figures below SmallCount too
	SeeWords        Permission = "see_words"        // what farmers said and agreed to have kept
	SeeEscalations  Permission = "see_escalations"  // words and voices of those who asked for a person
	Reply           Permission = "reply"            // to them
	WriteDrafts     Permission = "write_drafts"
	PublishContent  Permission = "publish_content"
	Announce        Permission = "announce" // bulletins that boxes say
	ExportCounts    Permission = "export_counts"
	ExportEvents    Permission = "export_events" // line by line
	ManageUsers     Permission = "manage_users"
	SeeAudit        Permission = "see_audit"
	anyoneSignedIn  Permission = "signed_in"
	withoutSignedIn Permission = "" // the sign-in page, the style sheet
)

// may says what each role may do. Farmers' words are only for those who answer them or write from them.
var may = map[Role][]Permission{
	Administrator: {SeeBoxes, ManageBoxes, SeeFigures, SeeSmallCounts, PublishContent, Announce, ExportCounts, ExportEvents, ManageUsers, SeeAudit},
	Curator:       {SeeBoxes, SeeFigures, SeeSmallCounts, SeeWords, SeeEscalations, WriteDrafts, PublishContent, Announce, ExportCounts},
	Expert:        {SeeBoxes, SeeFigures, SeeSmallCounts, SeeWords, SeeEscalations, Reply, WriteDrafts, Announce},
	Analyst:       {SeeFigures, ExportCounts},
	Auditor:       {SeeBoxes, SeeFigures, SeeAudit},
}

// ParseRoles reads role names, each once, in the order of Roles. An unknown one, or none, is an *advisory.Error that lists
// the known.
func ParseRoles(names ...string) ([]Role, error) {
	for _, name := range names {
		if !slices.Contains(Roles(), Role(name)) {
			return nil, unknownRole(fmt.Errorf("there is no role %q", name))
		}
	}
	var out []Role
	for _, role := range Roles() {
		if slices.Contains(names, string(role)) {
			out = append(out, role)
		}
	}
	if len(out) == 0 {
		return nil, unknownRole(fmt.Errorf("a user needs a role"))
	}
	return out, nil
}

func unknownRole(err error) error {
	var known []string
	for _, role := range Roles() {
		known = append(known, string(role))
	}
	return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "the roles are " + strings.Join(known, ", ")}
}
