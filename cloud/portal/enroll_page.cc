#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"

namespace platen::portal {
namespace {

struct Field {
  std::string_view name, label, hint;
  bool required;
};
constexpr Field fields[] = {
    {"dealer", "Dealer", "Whose agent it will be", true},
    {"customer", "Customer", "May stay empty", false},
    {"site", "Site", "May stay empty", false},
    {"agent", "Name of the agent", "Letters, digits, '-', '_' and '.'; empty: one is made up", false},
};

Html input(const Field& field) {
  Attributes attributes = {{"id", field.name}, {"name", field.name}, {"maxlength", "64"}, {"autocomplete", "off"}};
  if (field.required) attributes.push_back({"required", "required"});
  return element("p", {{"class", "field"}}, element("label", {{"for", field.name}}, field.label),
                 element("input", attributes), element("small", {}, field.hint));
}

}  // namespace

Response enroll_page(const std::string& token, std::string_view trouble) {
  Html form = element("input", {{"type", "hidden"}, {"name", "token"}, {"value", token}});
  for (const Field& field : fields) form += input(field);
  form += element("p", {}, element("button", {{"class", "button"}, {"type", "submit"}}, "Make a code"));
  Html body = element("h1", {}, "Enrol an agent");
  if (!trouble.empty()) body += element("p", {{"class", "card doubts"}, {"role", "alert"}}, foreign(trouble));
  body += element("p", {}, "An activation code makes one agent, once, within 24 hours. It is shown once.");
  body += element("form", {{"method", "post"}, action(Url({"enroll"}))}, form);
  return page({.title = "Enrol an agent", .section = "enroll", .body = body}, trouble.empty() ? 200 : 400);
}

Response code_page(const enroll::MadeCode& made) {
  const Html body = element("h1", {}, "Activation code") +
                    element("p", {{"class", "activation"}}, element("code", {}, made.text.reveal())) +
                    element("p", {}, "It is shown this once. It works once, until ", date_and_time(made.expires), ".") +
                    element("p", {}, "On the site: ", element("code", {}, "platen enroll CODE --cloud HOST")) +
                    element("p", {}, element("a", {{"class", "button"}, href(Url({"agents"}))}, "To the agents"));
  return page({.title = "Activation code", .section = "enroll", .body = body});
}

}  // namespace platen::portal
