// SPDX-License-Identifier: BSD-2-Clause
#include "cli/option_set.hpp"

#include <algorithm>

#include "cli/help.hpp"
#include "xar/base/error.hpp"
#include "xar/base/nearest.hpp"

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
  throw base::Error(sentence + see + description_.command + " --help",
                    description_.wrong_use);
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
  if (const auto option = base::nearest(name, long_names())) {
    refuse(sentence + ": did you mean " + *option + "?");
  }
  std::vector<std::string> others;
  for (const auto& [other, suggestion] : suggestions_) others.push_back(other);
  if (const auto other = base::nearest(name, others)) {
    throw base::Error(sentence + ": did you mean " + suggestions_.at(*other) + "? See " +
                          description_.command + " --help",
                      kWrongUse);
  }
  refuse(sentence);
}

// One reading of a command line.
class Parser {
 public:
  Parser(OptionSet& set, std::span<char* const> words) : set_(set), words_(words) {}

  // Returns how many words have been read.
  std::size_t read(bool front_only) {
    while (at_ < words_.size()) {
      const std::string_view word = words_[at_];
      if (!only_operands_ && word == "--") {
        only_operands_ = true;
        ++at_;
        if (front_only) break;
      } else if (only_operands_ || word.size() < 2 || word.front() != '-') {
        if (front_only) break;
        ++at_;
        take_operand(word);
      } else {
        ++at_;
        word.starts_with("--") ? read_long(word) : read_short(word.substr(1));
      }
    }
    return at_;
  }

  void require_operands() const {
    for (std::size_t i = filled_; i < set_.operands_.size(); ++i) {
      if (std::holds_alternative<std::string*>(set_.operands_[i].target)) {
        set_.refuse(std::string("no ") + set_.operands_[i].names + " given");
      }
    }
  }

 private:
  using Option = OptionSet::Option;

  const Option* find(std::string_view name) const {
    for (const Option& option : set_.options_) {
      bool found = false;
      for_each_name(option.names, [&](std::string_view each) { found |= each == name; });
      if (found) return &option;
    }
    return nullptr;
  }

  void read_long(std::string_view word) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string_view name = word.substr(0, equals);
    const Option* option = find(name);
    if (option == nullptr) set_.refuse_unknown(name);
    if (equals < word.size()) {
      if (*option->type == '\0') set_.refuse(std::string(name) + " takes no value");
      take(*option, name, word.substr(equals + 1));
    } else {
      take(*option, name);
    }
  }

  // Letters of flags, of which the last may be an option with the rest as its value.
  void read_short(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const std::string name = std::string("-") + letters[i];
      const Option* option = find(name);
      if (option == nullptr) {
        set_.refuse_unknown(i == 0 ? "-" + std::string(letters) : name);
      }
      if (*option->type != '\0' && i + 1 < letters.size()) {
        take(*option, name, letters.substr(i + 1));
        return;
      }
      take(*option, name);
    }
  }

  // A flag, or an option whose value is the next word.
  void take(const Option& option, std::string_view name) {
    if (bool* const* flag = std::get_if<bool*>(&option.target)) {
      **flag = true;
      return;
    }
    if (at_ == words_.size()) {
      set_.refuse(std::string(name) + " needs a value, " + option.type);
    }
    take(option, name, words_[at_++]);
  }

  void take(const Option& option, std::string_view name, std::string_view value) {
    require_choice(option.type, name, value);
    if (const auto* single = std::get_if<std::optional<std::string>*>(&option.target)) {
      if (**single) set_.refuse(std::string(name) + " given twice");
      **single = value;
    } else if (const auto* all = std::get_if<std::vector<std::string>*>(&option.target)) {
      (*all)->emplace_back(value);
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
    if (const auto meant = base::nearest(value, choices)) {
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
  std::span<char* const> words_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;  // operands that have their word
  bool only_operands_ = false;
};

std::optional<std::string> OptionSet::parse_front(std::span<char* const> words,
                                                  std::size_t& end) {
  end = Parser(*this, words).read(true);
  if (help_ || help_all_) return Help(*this).text(help_all_);
  if (version_) return std::string(description_.version) + '\n';
  return std::nullopt;
}

std::optional<std::string> OptionSet::parse(std::span<char* const> words) {
  Parser parser(*this, words);
  parser.read(false);
  if (help_ || help_all_) return Help(*this).text(help_all_);
  if (version_) return std::string(description_.version) + '\n';
  parser.require_operands();
  return std::nullopt;
}

}  // namespace xar::cli
