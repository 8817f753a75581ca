// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/option_set.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/help.hpp"
#include "xar/base/error.hpp"
#include "xar/base/suggestion.hpp"
#include "xar/cli/run.hpp"

namespace xar::cli {

OptionSet::OptionSet(Description description) : description_(std::move(description)) {
  flag(description_.short_help ? "-h,--help" : "--help", help_,
       "Print this help and exit", Detail::kRare);
  flag("--help-all", help_all_, "Print what every option does, and exit", Detail::kRare);
  if (description_.version != nullptr) {
    flag("-V,--version", version_, "Print the version and exit", Detail::kRare);
  }
}

void OptionSet::flag(const char* names, bool& value, const char* help, Detail detail) {
  options_.push_back({names, "", help, detail, &value});
}

void OptionSet::value(const char* names, std::optional<std::string>& value,
                      const char* type, const char* help, Detail detail) {
  options_.push_back({names, type, help, detail, &value});
}

void OptionSet::values(const char* names, std::vector<std::string>& values,
                       const char* type, const char* help, Detail detail) {
  options_.push_back({names, type, help, detail, &values});
}

void OptionSet::operand(const char* name, std::string& value, const char* help) {
  operands_.push_back({name, "", help, Detail::kCommon, &value});
}

void OptionSet::optional_operand(const char* name, std::optional<std::string>& value,
                                 const char* help) {
  operands_.push_back({name, "", help, Detail::kCommon, &value});
}

void OptionSet::operands(const char* name, std::vector<std::string>& values,
                         const char* help) {
  operands_.push_back({name, "", help, Detail::kCommon, &values});
}

void OptionSet::command(std::string name, const char* summary) {
  commands_.push_back({std::move(name), summary});
}

void OptionSet::refuse(const std::string& sentence) const {
  const char* see = sentence.ends_with('?') ? " See " : ": see ";
  throw StatusError(description_.wrong_use,
                    sentence + see + description_.command + " --help");
}

namespace {

// Calls `visit` with each of "-l,--long".
template <typename Visit>
void for_each_name(std::string_view names, const Visit& visit) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    visit(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

}  // namespace

std::vector<std::string> OptionSet::long_names() const {
  std::vector<std::string> all;
  for (const Option& option : options_) {
    for_each_name(option.names, [&](std::string_view name) {
      if (name.starts_with("--")) all.emplace_back(name);
    });
  }
  return all;
}

void OptionSet::suggest(std::string name, std::string suggestion) {
  suggestions_.emplace(std::move(name), std::move(suggestion));
}

void OptionSet::refuse_unknown(std::string_view name) const {
  const std::string sentence = "unknown option: " + std::string(name);
  if (const auto option = base::suggestion(name, long_names())) {
    refuse(sentence + ": did you mean " + *option + "?");
  }
  std::vector<std::string> others;
  for (const auto& [other, suggestion] : suggestions_) others.push_back(other);
  if (const auto other = base::suggestion(name, others)) {
    throw StatusError(kWrongUse, sentence + ": did you mean " + suggestions_.at(*other) +
                                     "? See " + description_.command + " --help");
  }
  refuse(sentence);
}

// One reading of a command line. CLI11 finds the options and their values; what is left
// are operands and options that nobody knows. Its own conversions of types would be
// instantiated for each of ours: words, and whether they are there, is all that is
// needed.
class Parser {
 public:
  explicit Parser(OptionSet& set) : set_(set) {
    app_.set_help_flag();
    app_.allow_extras();
    for (const OptionSet::Option& option : set.options_) {
      const bool is_flag = std::holds_alternative<bool*>(option.target);
      CLI::Option* added = is_flag ? app_.add_flag(option.names)->disable_flag_override()
                                   : app_.add_option(option.names);
      // "[a,b]" is one value, as any other text.
      added->allow_extra_args(false);
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      added_.push_back(added);
    }
  }

  // Reads options, and returns the words that are none, "--" among them. With
  // `front_only`, all words from the first of those on are.
  std::vector<std::string> read(std::span<char* const> words, bool front_only) {
    app_.prefix_command(front_only);
    std::vector<std::string> line;
    for (const char* word : words) add(line, word, front_only);
    // CLI11 takes them from the end.
    std::ranges::reverse(line);
    try {
      app_.parse(std::move(line));
    } catch (const CLI::ParseError& error) {
      refuse(error.what());
    }
    for (std::size_t i = 0; i < added_.size(); ++i) take(set_.options_[i], *added_[i]);
    return app_.remaining();
  }

  void refuse_option(const std::string& word) const {
    const bool is_option = word.size() > 1 && word.front() == '-' && word != "--";
    if (is_option) set_.refuse_unknown(word.substr(0, word.find('=')));
  }

  void take_operands(const std::vector<std::string>& words) {
    bool only_operands = false;
    for (const std::string& word : words) {
      if (!only_operands && word == "--") {
        only_operands = true;
        continue;
      }
      if (!only_operands) refuse_option(word);
      take_operand(word);
    }
  }

  void require_operands() const {
    for (std::size_t i = filled_; i < set_.operands_.size(); ++i) {
      if (std::holds_alternative<std::string*>(set_.operands_[i].target)) {
        set_.refuse(std::string("no ") + set_.operands_[i].names + " given");
      }
    }
  }

 private:
  // To CLI11, an option with nothing behind "=" has the next word as its value.
  void add(std::vector<std::string>& line, const std::string& word, bool whole) const {
    const bool is_empty = !whole && word.starts_with("--") && word.ends_with('=');
    const std::string name = is_empty ? word.substr(0, word.size() - 1) : word;
    if (is_empty && app_.get_option_no_throw(name) != nullptr) {
      line.insert(line.end(), {name, ""});
    } else {
      line.push_back(word);
    }
  }

  // In our words. CLI11's begin with the option's name, with or without its dashes.
  [[noreturn]] void refuse(const std::string& words) const {
    const std::string name = words.substr(0, words.find_first_of(": "));
    for (std::size_t i = 0; i < added_.size(); ++i) {
      const CLI::Option& option = *added_[i];
      if (!option.check_name(name) && !option.check_name("--" + name)) continue;
      if (std::holds_alternative<bool*>(set_.options_[i].target)) {
        set_.refuse(option.get_name() + " takes no value");
      }
      set_.refuse(option.get_name() + " needs a value, " + set_.options_[i].type);
    }
    set_.refuse(words);
  }

  void take(const OptionSet::Option& option, const CLI::Option& found) const {
    const std::vector<std::string>& values = found.results();
    if (values.empty()) return;
    if (bool* const* flag = std::get_if<bool*>(&option.target)) {
      **flag = true;
      return;
    }
    for (const std::string& value : values) {
      require_choice(option.type, found.get_name(), value);
    }
    if (const auto* all = std::get_if<std::vector<std::string>*>(&option.target)) {
      **all = values;
    } else if (const auto* single =
                   std::get_if<std::optional<std::string>*>(&option.target)) {
      if (values.size() > 1) set_.refuse(found.get_name() + " given twice");
      **single = values.front();
    }
  }

  // "{pip,uv}" allows these words. Where one of them stands for others, as in "{auto,N}",
  // who takes the value checks it.
  void require_choice(std::string_view type, std::string_view name,
                      std::string_view value) const {
    if (!type.starts_with('{') ||
        type.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != type.npos) {
      return;
    }
    std::vector<std::string> choices;
    for_each_name(type.substr(1, type.size() - 2),
                  [&](std::string_view choice) { choices.emplace_back(choice); });
    if (std::ranges::find(choices, value) != choices.end()) return;
    std::string sentence = "bad value: " + std::string(name) + ' ' + std::string(value);
    if (const auto meant = base::suggestion(value, choices)) {
      set_.refuse(sentence + ": did you mean " + *meant + "?");
    }
    sentence += ": expected";
    for (std::size_t i = 0; i < choices.size(); ++i) {
      sentence += i == 0 ? " " : i + 1 == choices.size() ? " or " : ", ";
      sentence += choices[i];
    }
    set_.refuse(sentence);
  }

  void take_operand(std::string_view word) {
    if (filled_ == set_.operands_.size()) {
      set_.refuse("unexpected argument: " + std::string(word));
    }
    const auto& target = set_.operands_[filled_].target;
    if (const auto* all = std::get_if<std::vector<std::string>*>(&target)) {
      (*all)->emplace_back(word);
      return;
    }
    ++filled_;
    if (const auto* required = std::get_if<std::string*>(&target)) {
      **required = word;
    } else if (const auto* single = std::get_if<std::optional<std::string>*>(&target)) {
      **single = word;
    }
  }

  OptionSet& set_;
  CLI::App app_;
  std::vector<CLI::Option*> added_;  // of each option, in their order
  std::size_t filled_ = 0;           // operands that have their word
};

std::optional<std::string> OptionSet::answer() const {
  if (help_ || help_all_) return Help(*this).text(help_all_);
  if (version_) return std::string(description_.version) + '\n';
  return std::nullopt;
}

std::optional<std::string> OptionSet::parse_front(std::span<char* const> words,
                                                  std::size_t& end) {
  Parser parser(*this);
  const std::vector<std::string> rest = parser.read(words, true);
  if (auto text = answer()) return text;
  if (!rest.empty()) parser.refuse_option(rest.front());
  end = words.size() - rest.size();
  if (!rest.empty() && rest.front() == "--") ++end;
  return std::nullopt;
}

std::optional<std::string> OptionSet::parse(std::span<char* const> words) {
  Parser parser(*this);
  const std::vector<std::string> rest = parser.read(words, false);
  if (auto text = answer()) return text;
  parser.take_operands(rest);
  parser.require_operands();
  return std::nullopt;
}

}  // namespace xar::cli
