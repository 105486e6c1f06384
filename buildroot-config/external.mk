include $(sort $(wildcard $(BR2_EXTERNAL_SEMBLANCE_PATH)/package/*/*.mk))
