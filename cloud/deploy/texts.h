// The files as texts, with <NAME> where a value of the plan goes.
#pragma once

#include <string_view>

namespace platen::deploy {

extern const std::string_view nginx_conf, mosquitto_conf;
extern const std::string_view front_service, broker_service, cloud_service, reload_service, reload_path;
extern const std::string_view hardened;  // what the services have in common

}  // namespace platen::deploy
