-- A MariaDB by migration 10, with something of everything (README.md).
CREATE TABLE `_sqlx_migrations` (
  `version` bigint(20) NOT NULL,
  `description` text NOT NULL,
  `installed_on` timestamp NOT NULL DEFAULT current_timestamp(),
  `success` tinyint(1) NOT NULL,
  `checksum` blob NOT NULL,
  `execution_time` bigint(20) NOT NULL,
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
INSERT INTO `_sqlx_migrations` (`version`, `description`, `installed_on`, `success`, `checksum`, `execution_time`) VALUES
  (1, 'accounts and messages', '2026-11-30 20:24:00', 1, x'72787894DE0CAF6BFA9AD30FE8DD5E9FA0820E808F27D85547808CDD9941E8FED16E1EACDB1CC103B403F08CD7DA26DA', 3326005),
  (2, 'account settings', '2026-11-30 20:24:00', 1, x'79AB439AF9411017ECB352E222AD5C162D93D32CE7CA66378B0ACC2B36243667A1951BF50664F519FA1402477863AD6D', 2056792),
  (3, 'groups', '2026-11-30 20:24:00', 1, x'E0631BDF5F4A26E7931FDDB6542E58266DBD5521875BDC89555CED3A8F92D40CF3E1968C1371BFFE8049810E810FEB4B', 1500186),
  (4, 'contacts and blocks', '2026-11-30 20:24:00', 1, x'EC93FD92F1E41CB30E3829E7D043CC5762BBC1E77A11D49411506D14D9DD9BFA5F5631D944D851765A20BA822A059548', 1801413),
  (5, 'message changes', '2026-11-30 20:24:00', 1, x'56A8F8AB0A87AFFF7301780ADF8F137B5A7F9BB7DCDF4FBCAA7D6CC555C2AAEFEF3E66D76D7E6F6573D718C569F7296E', 1701785),
  (6, 'mentions of all', '2026-11-30 20:24:00', 1, x'0902B16A15C6F3DD2B8E4E3DF7D84C388844FEA2A584FD76667983C3B928E7D3492C2949D6051F80304A719A536D66E5', 1691330),
  (7, 'departures', '2026-11-30 20:24:00', 1, x'7CE18CCAC788EAD73DB19A1C6210F5EFD18BF6C8C2373DA40598307051477906A7F17498DC1465F44D9E07CAE3B9E5A5', 1464243),
  (8, 'old refresh tokens', '2026-11-30 20:24:00', 1, x'0A05D1216612B5CA35BB9E5CF6F7C94A9A60A81B583C7F97E964853B1780959BB13899161CE9F5D260F4D2DD1F8B2A13', 937802),
  (10, 'upgrades', '2026-11-30 20:24:00', 1, x'ED40D4B381D0432F03BC070287B98E5044E4313C3C3F7DB74CE714AC4E09F64A3732EDEC82AE4878F8A60908CC035C57', 876421);
CREATE TABLE `block` (
  `user_id` bigint(20) NOT NULL,
  `blocked_id` bigint(20) NOT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`user_id`,`blocked_id`),
  KEY `block_of` (`blocked_id`,`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `block` (`user_id`, `blocked_id`, `created_at`) VALUES
  (494638209852044, 494638209666976, 1796070242123);
CREATE TABLE `contact` (
  `user_id` bigint(20) NOT NULL,
  `contact_id` bigint(20) NOT NULL,
  `alias` varchar(64) DEFAULT NULL,
  `alias_key` varbinary(512) DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`user_id`,`contact_id`),
  KEY `contact_of` (`contact_id`,`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `contact` (`user_id`, `contact_id`, `alias`, `alias_key`, `created_at`) VALUES
  (494638209144591, 494638209427774, 'Öm 🌳', x'6F6D20F09F8CB3', 1796070242102),
  (494638209144591, 494638209666976, NULL, NULL, 1796070242108);
CREATE TABLE `conversation` (
  `id` bigint(20) NOT NULL,
  `kind` smallint(6) NOT NULL DEFAULT 1,
  `name` varchar(64) NOT NULL DEFAULT '',
  `pair_key` varchar(40) DEFAULT NULL,
  `is_open` smallint(6) NOT NULL DEFAULT 0,
  `history` smallint(6) NOT NULL DEFAULT 1,
  `member_count` int(11) NOT NULL DEFAULT 0,
  `last_seq` bigint(20) NOT NULL DEFAULT 0,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `members_rev` bigint(20) NOT NULL DEFAULT 0,
  `version` bigint(20) NOT NULL DEFAULT 0,
  `last_activity` bigint(20) NOT NULL DEFAULT 0,
  `created_at` bigint(20) NOT NULL DEFAULT 0,
  `closed` smallint(6) NOT NULL DEFAULT 0,
  `name_key` varbinary(512) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `conversation_pair` (`pair_key`),
  KEY `conversation_open` (`is_open`,`name_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `conversation` (`id`, `kind`, `name`, `pair_key`, `is_open`, `history`, `member_count`, `last_seq`, `rev`, `members_rev`, `version`, `last_activity`, `created_at`, `closed`, `name_key`) VALUES
  (494638218302211, 1, '', '494638209144591:494638209427774', 0, 2, 2, 6, 6, 0, 0, 1796070242007, 1796070241882, 0, x''),
  (494638219005097, 1, '', '494638209144591:494638209144591', 0, 2, 1, 1, 0, 0, 0, 1796070241971, 1796070241968, 0, x''),
  (494638219060705, 2, 'Gärtnerei', NULL, 1, 2, 4, 9, 0, 4, 6, 1796070242041, 1796070241978, 0, x'676172746E65726569'),
  (494638219646897, 2, 'Closed circle', NULL, 0, 1, 2, 2, 0, 1, 1, 1796070242057, 1796070242047, 0, x'636C6F73656420636972636C65'),
  (494638220029960, 1, '', '494638209144591:494638209852044', 0, 2, 2, 1, 0, 0, 0, 1796070242096, 1796070242093, 0, x''),
  (494638220185241, 1, '', '494638209666976:494638209852044', 0, 2, 2, 1, 0, 0, 1, 1796070242115, 1796070242112, 2, x''),
  (494638220361032, 1, '', '494638209144591:494638210034572', 0, 2, 2, 1, 0, 0, 1, 1796070242136, 1796070242133, 1, x'');
CREATE TABLE `departure` (
  `conversation_id` bigint(20) NOT NULL,
  `user_id` bigint(20) NOT NULL,
  `added_by` bigint(20) NOT NULL,
  `left_at` bigint(20) NOT NULL,
  PRIMARY KEY (`conversation_id`,`user_id`,`added_by`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `departure` (`conversation_id`, `user_id`, `added_by`, `left_at`) VALUES
  (494638219060705, 494638210422617, 494638209144591, 1796070242028);
CREATE TABLE `login` (
  `id` bigint(20) NOT NULL,
  `user_id` bigint(20) NOT NULL,
  `generation` bigint(20) NOT NULL,
  `refresh_hash` varbinary(64) NOT NULL,
  `device` text NOT NULL,
  `created_at` bigint(20) NOT NULL,
  `last_used_at` bigint(20) NOT NULL,
  `use_gaps` varbinary(128) NOT NULL DEFAULT '',
  `prior_used_at` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `login_user` (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `login` (`id`, `user_id`, `generation`, `refresh_hash`, `device`, `created_at`, `last_used_at`, `use_gaps`, `prior_used_at`) VALUES
  (494638209147093, 494638209144591, 1, x'7360371AB37C69863913943FCE2FF8C1808C4A6A59D0300FFE16C22F532FBCC1', 'Firefox on Linux', 1796070240765, 1796070240765, x'', 1796070240765),
  (494638209433777, 494638209427774, 1, x'1FF00271C4722AE8CB8A07C144A6EED0DFC44CE47F13F36E8EA8DCD54D698F75', 'Firefox on Linux', 1796070240800, 1796070240800, x'', 1796070240800),
  (494638209671950, 494638209666976, 1, x'AD9DAEE1B183BD883E2F1DA65C52C5377815B27CF960ECC42374A4E0F8AD4D51', 'Firefox on Linux', 1796070240829, 1796070240829, x'', 1796070240829),
  (494638209863828, 494638209852044, 1, x'EF4FE83CACE5ADD752256C70A1959F9DA9389FAB8C62A6AF9F04D330F76D2A9B', 'Firefox on Linux', 1796070240852, 1796070240852, x'', 1796070240852),
  (494638210463855, 494638210422617, 1, x'5224E603E5D4987D8EBF5599050E708906FE23E73547EFD0463FEBBF4BC0F2B0', 'Firefox on Linux', 1796070240925, 1796070240925, x'', 1796070240925),
  (494638210710668, 494638209144591, 4, x'5EC72721C3BD3DDC53D8C3CDD81FA52AFD0C309F993DAD21D6A87AC236551469', 'Phone 📱', 1796070240955, 1796070241875, x'013101320135', 1796070241570),
  (494638223452164, 494638209852044, 1, x'2D771401606132FF6CF9E865FCF9E5D300EF289AA5E74D91DFE17D17A1479F3C', 'Socket', 1796070242511, 1796070242511, x'', 1796070242511);
CREATE TABLE `mention` (
  `conversation_id` bigint(20) NOT NULL,
  `user_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `sender_id` bigint(20) NOT NULL,
  PRIMARY KEY (`conversation_id`,`user_id`,`seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `mention` (`conversation_id`, `user_id`, `seq`, `sender_id`) VALUES
  (494638219060705, 0, 2, 494638209144591),
  (494638219060705, 494638209144591, 3, 494638209666976),
  (494638219060705, 494638209427774, 3, 494638209666976);
CREATE TABLE `message` (
  `conversation_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `sender_id` bigint(20) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `message_type` smallint(6) NOT NULL,
  `content` text NOT NULL,
  `reply_to_seq` bigint(20) DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  `edited_at` bigint(20) DEFAULT NULL,
  `recalled` smallint(6) NOT NULL DEFAULT 0,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `forwarded_from` bigint(20) DEFAULT NULL,
  `mentions` text DEFAULT NULL,
  PRIMARY KEY (`conversation_id`,`seq`),
  UNIQUE KEY `message_client` (`conversation_id`,`sender_id`,`client_id`),
  KEY `message_rev` (`conversation_id`,`rev`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `message` (`conversation_id`, `seq`, `sender_id`, `client_id`, `message_type`, `content`, `reply_to_seq`, `created_at`, `edited_at`, `recalled`, `rev`, `forwarded_from`, `mentions`) VALUES
  (494638218302211, 1, 494638209144591, 'c1', 1, 'Hello Ömar, 你好 😀', NULL, 1796070241890, NULL, 0, 4, NULL, NULL),
  (494638218302211, 2, 494638209427774, 'c2', 1, 'Hello yourself', NULL, 1796070241896, NULL, 0, 6, NULL, NULL),
  (494638218302211, 3, 494638209144591, 'c3', 1, 'An answer with a quote', 2, 1796070241901, NULL, 0, 0, NULL, NULL),
  (494638218302211, 4, 494638209427774, 'c4', 1, 'It was edited ✏️', NULL, 1796070241907, 1796070241911, 0, 1, NULL, NULL),
  (494638218302211, 5, 494638209427774, 'c5', 1, '', NULL, 1796070241920, NULL, 1, 2, NULL, NULL),
  (494638218302211, 6, 494638209144591, 'fwd', 1, 'Words to carry on', NULL, 1796070242007, NULL, 0, 0, 494638209666976, NULL),
  (494638219005097, 1, 494638209144591, 'c6', 1, 'A note to myself', NULL, 1796070241971, NULL, 0, 0, NULL, NULL),
  (494638219060705, 1, 494638209144591, 'sys:893f5a65b823bf8fe17d5a1602293e1a', 5, '{"event":"created","subjects":[494638209427774,494638209666976,494638209852044,494638210422617],"name":"Gärtner 🌱"}', NULL, 1796070241978, NULL, 0, 0, NULL, NULL),
  (494638219060705, 2, 494638209144591, 'c7', 1, '@all, welcome', NULL, 1796070241992, NULL, 0, 0, NULL, 'all'),
  (494638219060705, 3, 494638209666976, 'c8', 1, '@omar look at this, @mei', NULL, 1796070241998, NULL, 0, 0, NULL, '494638209427774 494638209144591'),
  (494638219060705, 4, 494638209666976, 'c9', 1, 'Words to carry on', NULL, 1796070242003, NULL, 0, 0, NULL, NULL),
  (494638219060705, 5, 494638209144591, 'sys:00fb22875af05dfcb91d9e477bff7a97', 5, '{"event":"renamed","subjects":[],"name":"Gärtnerei"}', NULL, 1796070242012, NULL, 0, 0, NULL, NULL),
  (494638219060705, 6, 494638209144591, 'sys:f8760ab86f420a7e50208f19c8e01423', 5, '{"event":"role","subjects":[494638209427774],"name":"admin"}', NULL, 1796070242021, NULL, 0, 0, NULL, NULL),
  (494638219060705, 7, 494638210422617, 'sys:2d760f25b8d0fc94810bc16b6a5eaed9', 5, '{"event":"left","subjects":[],"name":null}', NULL, 1796070242028, NULL, 0, 0, NULL, NULL),
  (494638219060705, 8, 494638209144591, 'sys:09ba97c8bb1e36c5c300bcf0896db1fd', 5, '{"event":"removed","subjects":[494638209852044],"name":null}', NULL, 1796070242034, NULL, 0, 0, NULL, NULL),
  (494638219060705, 9, 494638209852044, 'sys:43edb2ee41e68df20ba30a6dc71439a0', 5, '{"event":"joined","subjects":[],"name":null}', NULL, 1796070242041, NULL, 0, 0, NULL, NULL),
  (494638219646897, 1, 494638209427774, 'sys:7d9eb3523cfd1ed878a33b5808dce34b', 5, '{"event":"created","subjects":[494638209666976],"name":"Closed circle"}', NULL, 1796070242047, NULL, 0, 0, NULL, NULL),
  (494638219646897, 2, 494638209427774, 'c10', 1, 'Only for us', NULL, 1796070242057, NULL, 0, 0, NULL, NULL),
  (494638220029960, 1, 494638209852044, 'c11', 1, 'To be hidden', NULL, 1796070242096, NULL, 0, 0, NULL, NULL),
  (494638220185241, 1, 494638209666976, 'c12', 1, 'Before the block', NULL, 1796070242115, NULL, 0, 0, NULL, NULL),
  (494638220361032, 1, 494638210034572, 'c13', 1, 'I shall be gone', NULL, 1796070242136, NULL, 0, 0, NULL, NULL);
CREATE TABLE `message_session` (
  `user_id` bigint(20) NOT NULL,
  `conversation_id` bigint(20) NOT NULL,
  `role` smallint(6) NOT NULL DEFAULT 3,
  `read_seq` bigint(20) NOT NULL DEFAULT 0,
  `delivered_seq` bigint(20) NOT NULL DEFAULT 0,
  `joined_seq` bigint(20) NOT NULL DEFAULT 0,
  `joined_at` bigint(20) NOT NULL DEFAULT 0,
  `cleared_seq` bigint(20) NOT NULL DEFAULT 0,
  `archived_seq` bigint(20) NOT NULL DEFAULT 0,
  `pinned` smallint(6) NOT NULL DEFAULT 0,
  `marked_unread` smallint(6) NOT NULL DEFAULT 0,
  `muted_until` bigint(20) DEFAULT NULL,
  `version` bigint(20) NOT NULL DEFAULT 0,
  `shown_read_seq` bigint(20) DEFAULT NULL,
  `shown_delivered_seq` bigint(20) DEFAULT NULL,
  `added_by` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`user_id`,`conversation_id`),
  KEY `message_session_conversation` (`conversation_id`,`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `message_session` (`user_id`, `conversation_id`, `role`, `read_seq`, `delivered_seq`, `joined_seq`, `joined_at`, `cleared_seq`, `archived_seq`, `pinned`, `marked_unread`, `muted_until`, `version`, `shown_read_seq`, `shown_delivered_seq`, `added_by`) VALUES
  (494638209144591, 494638218302211, 3, 3, 6, 0, 1796070241882, 0, 0, 0, 1, NULL, 1, NULL, NULL, NULL),
  (494638209144591, 494638219005097, 3, 1, 1, 0, 1796070241968, 0, 0, 0, 0, NULL, 0, NULL, NULL, NULL),
  (494638209144591, 494638219060705, 1, 2, 2, 1, 1796070241978, 0, 0, 1, 0, NULL, 1, NULL, NULL, NULL),
  (494638209144591, 494638220029960, 3, 0, 0, 0, 1796070242093, 1, 0, 0, 0, NULL, 1, NULL, NULL, NULL),
  (494638209144591, 494638220361032, 3, 0, 0, 0, 1796070242133, 0, 0, 0, 0, NULL, 0, NULL, NULL, NULL),
  (494638209427774, 494638218302211, 3, 0, 0, 0, 1796070241882, 0, 0, 0, 0, 4102444800000, 1, NULL, NULL, NULL),
  (494638209427774, 494638219060705, 2, 0, 0, 1, 1796070241978, 0, 0, 0, 0, NULL, 0, NULL, NULL, 494638209144591),
  (494638209427774, 494638219646897, 1, 2, 2, 1, 1796070242047, 0, 0, 0, 0, NULL, 0, NULL, NULL, NULL),
  (494638209666976, 494638219060705, 3, 0, 0, 1, 1796070241978, 0, 0, 0, 0, NULL, 0, NULL, NULL, 494638209144591),
  (494638209666976, 494638219646897, 3, 0, 0, 1, 1796070242047, 0, 2, 0, 0, NULL, 1, NULL, NULL, 494638209427774),
  (494638209666976, 494638220185241, 3, 1, 1, 0, 1796070242112, 0, 0, 0, 0, NULL, 0, 1, 1, NULL),
  (494638209852044, 494638219060705, 3, 9, 9, 9, 1796070242041, 0, 0, 0, 0, NULL, 0, NULL, NULL, NULL),
  (494638209852044, 494638220029960, 3, 1, 1, 0, 1796070242093, 0, 0, 0, 0, NULL, 0, NULL, NULL, NULL),
  (494638209852044, 494638220185241, 3, 1, 1, 0, 1796070242112, 0, 0, 0, 0, NULL, 0, 1, 1, NULL),
  (494638210034572, 494638220361032, 3, 1, 1, 0, 1796070242133, 0, 0, 0, 0, NULL, 0, NULL, NULL, NULL);
CREATE TABLE `reaction` (
  `conversation_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `user_id` bigint(20) NOT NULL,
  `emoji` varchar(64) NOT NULL,
  `rev` bigint(20) NOT NULL,
  PRIMARY KEY (`conversation_id`,`seq`,`user_id`,`emoji`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `reaction` (`conversation_id`, `seq`, `user_id`, `emoji`, `rev`) VALUES
  (494638218302211, 1, 494638209144591, '👍', 4),
  (494638218302211, 1, 494638209427774, '🌿', 3);
CREATE TABLE `upgrade` (
  `name` varchar(64) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `upgrade` (`name`) VALUES
  ('folded names');
CREATE TABLE `user` (
  `id` bigint(20) NOT NULL,
  `username` varchar(32) NOT NULL,
  `username_key` varbinary(512) NOT NULL,
  `nickname` varchar(64) NOT NULL,
  `nickname_key` varbinary(512) NOT NULL,
  `password_hash` varchar(255) NOT NULL,
  `created_at` bigint(20) NOT NULL,
  `last_seen_at` bigint(20) DEFAULT NULL,
  `show_last_seen` smallint(6) NOT NULL DEFAULT 1,
  `disabled_at` bigint(20) DEFAULT NULL,
  `deleted_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `user_username` (`username_key`),
  KEY `user_nickname` (`nickname_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `user` (`id`, `username`, `username_key`, `nickname`, `nickname_key`, `password_hash`, `created_at`, `last_seen_at`, `show_last_seen`, `disabled_at`, `deleted_at`) VALUES
  (494638209144591, 'mei', x'6D6569', 'Mei 梅', x'6D656920E6A285', '$argon2id$v=19$m=19456,t=2,p=1$ZZmpDjggNlgA4FjfpAqMoQ$vGs63nRse32huJROGEe0nQs48c27bMD+rOPhURpF3bk', 1796070240764, NULL, 1, NULL, NULL),
  (494638209427774, 'omar', x'6F6D6172', 'Ömar', x'6F6D6172', '$argon2id$v=19$m=19456,t=2,p=1$LOlbaME9lBWqBgXWEtgiqA$4fcma+cef74XcpA5081+gDSqQocNVyE5owfmLcapgPw', 1796070240800, NULL, 1, NULL, NULL),
  (494638209666976, 'ana', x'616E61', 'Ana 🦊', x'616E6120F09FA68A', '$argon2id$v=19$m=19456,t=2,p=1$DvF9p494BoM6pDBOkgkXAA$RbbDlce3Es49sRh5EdqQsCQUHXh+syKhum/pkYpqhUc', 1796070240828, NULL, 0, NULL, NULL),
  (494638209852044, 'tom', x'746F6D', 'Tom', x'746F6D', '$argon2id$v=19$m=19456,t=2,p=1$ZYEx7pGsTFm4lX+jdO3xvA$ehIPvziEY7RQvozLToQqjpLAznEqyILDnON5WXC6x9g', 1796070240851, 1796070243017, 1, NULL, NULL),
  (494638210034572, 'deleted-494638210034572', x'676F6E65', 'Deleted account', x'', '', 1796070240873, NULL, 1, NULL, 1796070242166),
  (494638210213589, 'kept', x'6B657074', 'Kept out', x'6B657074206F7574', '$argon2id$v=19$m=19456,t=2,p=1$62X1jUA7At1Rp62CsBvpxQ$si8UczcFWO5tFlRL+t5gD5djy9AUR1jT9ixn39yAlME', 1796070240895, NULL, 1, 1796070242191, NULL),
  (494638210422617, 'quiet', x'7175696574', 'Quiet', x'7175696574', '$argon2id$v=19$m=19456,t=2,p=1$6HPMAyJ+CbiVMwu2IvCVvA$YdOLM0JJllY1rc7A5Vp7MDBFYr8Si++Y4QPf5THiB9A', 1796070240920, NULL, 1, NULL, NULL);
